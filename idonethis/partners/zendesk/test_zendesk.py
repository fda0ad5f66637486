from __future__ import annotations

import base64
import hmac
import re
from datetime import UTC, datetime, timedelta

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Hook, Ignored
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

HEADER, STAMP = "x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp"


class ZendeskTest(HookTestCase):
    def test_a_solved_ticket_is_a_done_of_its_assignee(self):
        entry = self.check_hook("solved", "Solved “The mill squeaks” (#12)")
        assert entry.url == "https://engines.zendesk.example.com/agent/tickets/12"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_a_ticket_that_is_opened_again_takes_its_entry_back_in_any_order(self):
        again = orjson.loads(self.fixture("solved")) | {"happened": "reopened"}
        again["updated_at"] = "2026-11-23T15:30Z"
        self.post_hook(orjson.dumps(again))
        self.send("solved")
        assert not Entry.objects.alive().exists()

    def test_two_accounts_may_number_their_tickets_alike(self):
        self.send("solved")
        body = orjson.loads(self.fixture("solved"))
        body["url"] = "loom.zendesk.example.com/agent/tickets/12"
        self.post_hook(orjson.dumps(body))
        assert Entry.objects.count() == 2
        assert Entry.objects.latest("pk").url.startswith("https://loom.")

    def test_a_ticket_of_nobody_makes_no_entry(self):
        self.check_ignored("ignored__solved__for_nobody", "no_person")

    def test_an_address_that_a_trigger_can_send_proves_nothing(self):
        [draft] = self.drafts("solved")
        assert (draft.actor.email, draft.actor.vouched) == ("ada@example.org", False)

    def test_groups_and_tags_are_there_for_rules(self):
        for config, kind in (
            ({"places": ["Loom"]}, Ignored),
            ({"places": ["Mill"]}, Draft),
            ({"labels": ["urgent"]}, Draft),
            ({"without": ["oil"]}, Ignored),
        ):
            [event] = self.draft_of("solved", **config)
            assert isinstance(event, kind), config

    def test_whatever_else_a_trigger_sends_says_why_it_makes_none(self):
        self.check_ignored("ignored__pending", "unsupported_event")
        assert "pending" in self.last_receipt().why
        self.post_hook(b'{"text": "Hello"}')
        assert "paste" in self.last_receipt().why

    def test_it_is_signed_with_the_time_as_zendesk_writes_it(self):
        body = self.fixture("solved")
        for ago, status in ((0, 200), (600, 401)):
            said = f"{datetime.now(UTC) - timedelta(seconds=ago):%Y-%m-%dT%H:%M:%SZ}"
            key = self.link.signing_secret.encode()
            made = base64.b64encode(hmac.digest(key, said.encode() + body, "sha256")).decode()
            sent = self.post_hook(body, headers={HEADER: made, STAMP: said}, signed=False)
            assert sent.status_code == status

    def test_the_body_to_be_pasted_has_the_fields_that_are_read(self):
        body, fixture = orjson.loads(self.pasted()), orjson.loads(self.fixture("solved"))
        assert list(body) == list(fixture)
        assert body["happened"] == "solved"

    def test_a_title_that_is_filled_in_without_escaping_forges_nothing_but_itself(self):
        true = orjson.loads(self.fixture("solved"))
        for forged in (
            'x", "happened": "reopened", "assignee_id": "1906',
            'x", "id": "13", "url": "https://elsewhere.example.com/',
            'x"}, "y": {"z": "',
            'x", "y": {"z": "w"}, "id": "13", "v": "',
            'x"',
            'x", "type": "zen:event-type:ticket.status_changed", "event": {"current": "SOLVED"}, '
            '"detail": {"id": "13", "assignee_id": "1906"}, "y": "',
        ):
            values = iter((true | {"title": forged}).values())
            text = re.sub(r"{{.*?}}", lambda _, v=values: next(v), self.pasted())
            if self.post_hook(text.encode()).status_code == 200:
                [entry] = Entry.objects.all()
                assert (entry.user, entry.url) == (self.ada, true["url"]), forged
                assert entry.body.endswith("(#12)"), forged

    def test_a_webhook_that_subscribes_to_events_says_the_same_in_another_shape(self):
        entry = self.check_hook("event__solved", "Solved “The mill squeaks” (#12)")
        assert str(entry.occurred_on) == "2026-11-23"
        [draft] = self.drafts("event__solved")
        assert (entry.url, draft.url) == ("", "")
        self.send("event__renamed")
        assert [each.body for each in Entry.objects.alive()] == ["Solved “The mill creaks” (#12)"]
        self.send("event__reopened")
        assert not Entry.objects.alive().exists()

    def test_whatever_else_an_event_says_makes_no_entry_and_says_why(self):
        for name, reason, why in (
            ("ignored__event__closed", "unsupported_event", "CLOSED"),
            ("ignored__event__solved_for_nobody", "no_person", "nobody"),
            ("ignored__event__priority_changed", "unsupported_event", "ticket.priority_changed"),
        ):
            self.check_ignored(name, reason)
            assert why in self.last_receipt().why

    def test_what_is_deleted_takes_its_entry_back_and_what_is_archived_does_not(self):
        self.send("event__solved")
        for status, alive in (("ARCHIVED", True), ("DELETED", False)):
            body = orjson.loads(self.fixture("event__reopened"))
            self.post_hook(orjson.dumps(body | {"event": {"current": status}}))
            assert Entry.objects.alive().exists() is alive, status

    def test_an_event_is_named_as_zendesk_names_it_and_its_group_by_a_number(self):
        assert (
            self.integration.event(Hook(self.fixture("event__solved"))) == "ticket.status_changed"
        )
        assert self.integration.event(Hook(self.fixture("solved"))) == "ticket.solved"
        for config, kind in (({"places": ["42"]}, Draft), ({"places": ["43"]}, Ignored)):
            [event] = self.draft_of("event__solved", **config)
            assert isinstance(event, kind), config

    def test_at_a_link_that_knows_the_account_a_ticket_is_the_same_however_it_is_told(self):
        known = PlainLink(subject="engines.zendesk.example.com")
        told = [
            next(self.integration.hook(Hook(self.fixture(name)), known))
            for name in ("solved", "event__solved")
        ]
        assert told[0].key == told[1].key and told[0].url == told[1].url

    def test_an_event_without_a_ticket_says_so(self):
        self.post_hook(b'{"type": "zen:event-type:ticket.status_changed", "detail": null}')
        assert self.last_receipt().why == "There is no ticket in it."

    def pasted(self) -> str:
        [text] = re.findall(r"```\n(.*?)```", (self.folder / "setup.md").read_text(), re.DOTALL)
        return text
