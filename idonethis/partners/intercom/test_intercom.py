from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Hook, Ignored
from idonethis.integrations.testing import HookTestCase


class IntercomTest(HookTestCase):
    def test_a_conversation_is_a_done_of_the_teammate_who_closes_it(self):
        entry = self.check_hook("closed", "Closed the conversation “Mill stands still”")
        assert entry.url.endswith("/a/apps/engines/conversations/21322000012")
        assert entry.occurred_at.isoformat() == "2026-11-23T15:04:05+00:00"

    def test_a_subject_shows_without_markup_and_what_was_written_does_not_show_at_all(self):
        [draft] = self.drafts("closed__by_mail")
        assert draft.body == "Closed the conversation “Order of brass”"
        body = orjson.loads(self.fixture("closed"))
        body["data"]["item"]["title"] = None
        [draft] = self.integration.read(Hook(orjson.dumps(body)), self.link)
        assert draft.body == "Closed a conversation"
        assert "allory" not in repr(draft) and "My mill" not in repr(draft)

    def test_a_conversation_that_is_opened_again_takes_its_entry_back_in_any_order(self):
        again = orjson.loads(self.fixture("closed"))
        again |= {"id": "notif_again", "topic": "conversation.admin.opened"}
        again["data"]["item"]["updated_at"] += 60
        self.post_hook(orjson.dumps(again))
        self.send("closed")
        assert not Entry.objects.alive().exists()

    def test_workflows_make_no_entry_unless_the_link_wants_them(self):
        self.check_ignored("ignored__closed__by_a_workflow", "bot")
        [event] = self.draft_of("ignored__closed__by_a_workflow", bots=True)
        assert isinstance(event, Draft)

    def test_without_anybody_named_it_makes_none(self):
        self.check_ignored("ignored__closed__by_nobody", "no_person")

    def test_tags_are_labels(self):
        [event] = self.draft_of("closed", without=["mill"])
        assert isinstance(event, Ignored)
        assert self.drafts("closed", labels=["mill"])

    def test_a_ping_and_other_topics_say_why_they_make_none(self):
        self.check_ignored("ignored__ping", "ping")
        self.check_ignored("ignored__replied", "unsupported_event")
        assert "conversation.user.replied" in self.last_receipt().why

    def test_sent_again_it_is_the_same_delivery(self):
        body = orjson.loads(self.fixture("closed"))
        keys = {
            self.integration.delivery_key(Hook(orjson.dumps(body | {"delivery_attempts": tries})))
            for tries in (1, 2)
        }
        assert keys == {"notif_000001"}
        assert self.integration.delivery_key(Hook(self.fixture("ignored__ping")))
