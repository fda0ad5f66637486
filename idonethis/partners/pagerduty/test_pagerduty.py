from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import NOBODY, Draft, Hook, Ignored, Secret
from idonethis.integrations.testing import HookTestCase


class PagerDutyTest(HookTestCase):
    def test_a_resolved_incident_is_a_done_of_who_resolved_it(self):
        entry = self.check_hook("resolved", "Resolved the incident “The mill stands still” (#12)")
        assert entry.url == "https://engines.pagerduty.example.com/incidents/PI0001"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_an_incident_that_is_reopened_takes_its_entry_back_in_any_order(self):
        again = orjson.loads(self.fixture("resolved"))
        again["event"] |= {"event_type": "incident.reopened", "occurred_at": "2026-11-23T15:30:00Z"}
        self.post_hook(orjson.dumps(again))
        self.send("resolved")
        assert not Entry.objects.alive().exists()
        again["event"] |= {"event_type": "incident.resolved", "occurred_at": "2026-11-23T15:40:00Z"}
        self.post_hook(orjson.dumps(again))
        assert Entry.objects.alive().count() == 1

    def test_what_is_resolved_by_no_person_makes_no_entry(self):
        for name in ("ignored__resolved_by_itself", "ignored__resolved_by_time"):
            self.check_ignored(name, "filtered_rule")
            assert "nobody" in self.last_receipt().why

    def test_an_incident_that_is_merged_into_another_makes_no_entry(self):
        self.check_ignored("ignored__merged", "filtered_rule")
        assert "merged" in self.last_receipt().why

    def test_a_triggered_incident_is_a_blocker_of_its_assignee_where_the_link_says_so(self):
        [event] = self.draft_of("ignored__triggered")
        assert isinstance(event, Ignored) and "triggered" in event.why
        self.link.config = {"blockers": True}
        self.link.save()
        self.check_hook(
            "ignored__triggered", "Incident “Card 4 is torn” (#14)", kind="blocked", user=self.grace
        )
        assert "as blockers" in self.integration.summary(self.link)

    def test_a_triggered_incident_of_nobody_is_of_who_made_the_link(self):
        body = orjson.loads(self.fixture("ignored__triggered"))
        body["event"]["data"]["assignees"] = []
        self.link.config = {"blockers": True}
        [draft] = self.integration.read(Hook(orjson.dumps(body)), self.link)
        assert isinstance(draft, Draft) and draft.actor == NOBODY

    def test_a_link_can_be_for_some_services_alone(self):
        [event] = self.draft_of("resolved", places=["Loom"])
        assert isinstance(event, Ignored)
        assert self.drafts("resolved", places=["Mill"])

    def test_a_ping_and_other_events_say_why_they_make_no_entry(self):
        self.check_ignored("ignored__ping", "ping")
        self.check_ignored("ignored__acknowledged", "unsupported_event")
        assert "incident.acknowledged" in self.last_receipt().why

    def test_while_a_secret_is_changed_a_hook_is_signed_with_both(self):
        body = self.fixture("resolved")
        sign = self.integration.signature.sign
        header = "x-pagerduty-signature"
        other = sign(Hook(body), Secret("the next one"))[header]
        ours = sign(Hook(body), self.link.signing_secret)[header]
        for both, status in ((f"{other},{ours}", 200), (f"{other},{other}", 401)):
            sent = self.post_hook(body, headers={header: both}, signed=False)
            assert sent.status_code == status
