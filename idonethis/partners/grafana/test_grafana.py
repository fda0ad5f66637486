from __future__ import annotations

import hmac
import time

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Hook, Ignored
from idonethis.integrations.testing import HookTestCase

HEADER = "x-grafana-alerting-signature"


class GrafanaTest(HookTestCase):
    def test_a_firing_alert_whose_rule_asks_for_it_is_a_blocker_of_who_made_the_link(self):
        entry = self.check_hook("firing__asked_for", "Alert “Steam is low”", kind="blocked")
        assert entry.url == "https://grafana.example.org/d/mill?viewPanel=1"
        assert entry.occurred_at.isoformat() == "2026-11-23T15:04:05.123456+00:00"

    def test_once_it_is_resolved_it_is_a_done_beside_its_blocker(self):
        self.send("firing__asked_for")
        self.send("resolved__asked_for")
        entries = Entry.objects.alive().order_by("pk").values_list("kind", "body")
        assert list(entries) == [
            ("blocked", "Alert “Steam is low”"),
            ("done", "Resolved the alert “Steam is low”"),
        ]
        assert Entry.objects.latest("pk").occurred_at.isoformat().startswith("2026-11-23T16:00:00")

    def test_a_rule_can_ask_for_one_of_both(self):
        asking = {"blocked": [Draft, Ignored], "done": [Ignored, Draft], "no": [Ignored, Ignored]}
        for asked, kinds in asking.items():
            got = [
                type(self.read(name, idonethis=asked))
                for name in ("firing__asked_for", "resolved__asked_for")
            ]
            assert got == kinds, asked

    def test_whatever_nobody_asked_for_makes_no_entry(self):
        self.check_ignored("ignored__firing", "filtered_rule")
        assert "firing" in self.last_receipt().why

    def test_the_link_can_ask_for_all_of_them(self):
        firing, resolved = self.draft_of("ignored__firing", firing=True)
        assert isinstance(firing, Draft) and isinstance(resolved, Ignored)
        firing, resolved = self.draft_of("ignored__firing", resolved=True)
        assert isinstance(firing, Ignored) and isinstance(resolved, Draft)

    def test_told_again_hours_later_with_others_it_is_the_same_entry(self):
        self.send("firing__asked_for")
        body = orjson.loads(self.fixture("firing__asked_for"))
        body["alerts"] *= 2
        body["truncatedAlerts"] = 1
        self.post_hook(orjson.dumps(body))
        assert Entry.objects.count() == 1

    def test_fired_again_another_day_it_is_another_one(self):
        self.send("firing__asked_for")
        body = orjson.loads(self.fixture("firing__asked_for"))
        body["alerts"][0]["startsAt"] = "2026-11-24T09:00:00Z"
        self.post_hook(orjson.dumps(body))
        assert Entry.objects.count() == 2

    def test_without_a_panel_it_leads_to_the_rule(self):
        [draft] = self.drafts("resolved__asked_for")
        assert draft.url == "https://grafana.example.org/alerting/grafana/SteamLow/view"

    def test_a_notification_that_grafana_sends_as_a_test_makes_no_entry(self):
        self.check_ignored("ignored__test", "filtered_rule")

    def test_it_is_signed_with_the_time_and_the_body(self):
        body, key = self.fixture("firing__asked_for"), self.link.signing_secret.encode()
        for ago, status in ((0, 200), (600, 401)):
            said = str(int(time.time() - ago))
            made = hmac.new(key, f"{said}:".encode() + body, "sha256").hexdigest()
            headers = {HEADER: made, f"{HEADER}-timestamp": said}
            assert self.post_hook(body, headers=headers, signed=False).status_code == status

    def test_the_summary_says_what_the_link_asks_for(self):
        for config, said in (
            ({}, "Logs alerts whose rules say so"),
            ({"firing": True}, "Logs firing alerts as blockers"),
            (
                {"firing": True, "resolved": True},
                "Logs firing alerts as blockers and resolved alerts",
            ),
        ):
            self.link.config = config
            assert self.integration.summary(self.link) == said

    def read(self, name: str, **annotations: str) -> object:
        body = orjson.loads(self.fixture(name))
        body["alerts"][0]["annotations"] |= annotations
        [event] = self.integration.read(Hook(orjson.dumps(body)), self.link)
        return event
