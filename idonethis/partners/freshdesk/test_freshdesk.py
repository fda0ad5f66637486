from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Hook, Ignored
from idonethis.integrations.testing import HookTestCase


class FreshdeskTest(HookTestCase):
    ada_uid = "ada@example.org"
    grace_uid = "grace@example.org"

    def test_a_resolved_ticket_is_a_done_of_its_agent(self):
        entry = self.check_hook("resolved", "Resolved “The mill squeaks” (#12)")
        assert entry.url == "https://engines.freshdesk.example.com/helpdesk/tickets/12"

    def test_closed_later_it_is_the_same_entry(self):
        self.send("resolved")
        self.post_changed(tags="closed")
        assert Entry.objects.count() == 1

    def test_a_ticket_that_is_opened_again_takes_its_entry_back_until_it_is_resolved(self):
        self.send("resolved")
        self.post_changed(happened="reopened")
        assert not Entry.objects.alive().exists()
        self.post_changed(happened="resolved", tags="again")
        assert Entry.objects.alive().count() == 1

    def test_what_says_the_same_a_while_later_is_news(self):
        first = Hook(self.fixture("resolved"))
        later = replace(first, received_at=first.received_at + timedelta(minutes=1))
        key = self.integration.delivery_key
        assert key(first) == key(replace(first)) != key(later)

    def test_two_accounts_may_number_their_tickets_alike(self):
        self.send("resolved")
        self.post_changed(url="https://loom.freshdesk.example.com/helpdesk/tickets/12")
        assert Entry.objects.count() == 2

    def test_a_ticket_of_nobody_makes_no_entry(self):
        self.check_ignored("ignored__resolved__for_nobody", "no_person")

    def test_an_address_that_a_rule_can_send_proves_nothing(self):
        [draft] = self.drafts("resolved")
        assert (draft.actor.uid, draft.actor.vouched) == ("ada@example.org", False)

    def test_groups_and_tags_are_there_for_rules(self):
        for config, kind in (
            ({"places": ["Loom"]}, Ignored),
            ({"places": ["Mill"]}, Draft),
            ({"labels": ["urgent"]}, Draft),
            ({"without": ["oil"]}, Ignored),
        ):
            [event] = self.draft_of("resolved", **config)
            assert isinstance(event, kind), config

    def test_whatever_else_a_rule_sends_says_why_it_makes_none(self):
        self.check_ignored("ignored__pending", "unsupported_event")
        assert "pending" in self.last_receipt().why
        self.post_hook(b'{"text": "Hello"}')
        assert "paste" in self.last_receipt().why

    def test_the_body_to_be_pasted_has_the_fields_that_are_read(self):
        body, fixture = orjson.loads(self.pasted()), orjson.loads(self.fixture("resolved"))
        assert list(body) == list(fixture)
        assert body["happened"] == "resolved"

    def test_a_subject_that_is_filled_in_without_escaping_forges_nothing_but_itself(self):
        true = orjson.loads(self.fixture("resolved"))
        for forged in (
            'x", "happened": "reopened", "agent_email": "grace@example.org',
            'x", "id": "13", "url": "https://elsewhere.example.com/',
            'x"}, "y": {"z": "',
            'x", "y": {"z": "w"}, "id": "13", "v": "',
            'x"',
        ):
            values = iter((true | {"subject": forged}).values())
            text = re.sub(r"{{.*?}}", lambda _, v=values: next(v), self.pasted())
            if self.post_hook(text.encode()).status_code == 200:
                [entry] = Entry.objects.all()
                assert (entry.user, entry.url) == (self.ada, true["url"]), forged
                assert entry.body.endswith("(#12)"), forged

    def pasted(self) -> str:
        [text] = re.findall(r"```\n(.*?)```", (self.folder / "setup.md").read_text(), re.DOTALL)
        return text

    def post_changed(self, **changes: str) -> None:
        body = orjson.loads(self.fixture("resolved")) | changes
        self.post_hook(orjson.dumps(body))
