from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Hook, Ignored, Retract, Secret, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.partners.trello.integration import integration


class TrelloTest(HookTestCase):
    def read(self, body, **config):
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def changed(self, name, **data):
        body = orjson.loads(self.fixture(name))
        body["action"]["data"] |= data
        return body

    def test_a_card_that_is_moved_to_done_is_a_done_of_who_moves_it(self):
        entry = self.check_hook("updateCard__moved_to_done", "Completed “Oil the mill”")
        assert entry.url == "https://trello.com/c/cArD12xy"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_a_card_that_is_marked_as_complete_is_one_too_and_not_twice(self):
        self.check_hook("updateCard__marked_as_complete", "Completed “Count the cards”")
        moved = orjson.loads(self.fixture("updateCard__moved_to_done"))
        moved["action"]["data"]["card"]["id"] = "c-16"
        moved["action"]["data"]["card"]["name"] = "Count the cards"
        self.post_hook(orjson.dumps(moved))
        assert Entry.objects.count() == 1

    def test_a_card_that_is_made_in_done_counts(self):
        [draft] = self.drafts("createCard__in_done")
        assert (draft.body, draft.place) == ("Completed “Wind the clock”", "Engines")

    def test_the_link_says_which_lists_mean_done(self):
        [event] = self.draft_of("updateCard__moved_to_done", lists="Shipped, Erledigt")
        assert isinstance(event, Ignored)
        for name in ("erledigt", "Erledigt 🎉", "SHIPPED!"):
            after = {"id": "l-9", "name": name}
            body = self.changed("updateCard__moved_to_done", listAfter=after)
            [draft] = self.read(body, lists="Shipped, Erledigt")
            assert draft.actor.login == "ada"

    def test_from_one_done_list_to_another_nothing_happens(self):
        body = self.changed("updateCard__moved_to_done", listBefore={"name": "done"})
        [event] = self.read(body)
        assert isinstance(event, Ignored)

    def test_what_is_moved_back_unmarked_or_deleted_goes_and_what_is_renamed_is_renamed(self):
        self.send("updateCard__moved_to_done")
        self.send("updateCard__renamed")
        assert Entry.objects.get().body == "Completed “Oil the mill and the crank”"
        for name in ("updateCard__moved_back", "updateCard__unmarked", "deleteCard"):
            [event] = self.draft_of(name)
            assert isinstance(event, Retract) and event.as_of

    def test_a_mark_that_is_taken_from_a_card_in_done_changes_nothing(self):
        [event] = self.read(self.changed("updateCard__unmarked", list={"name": "Done"}))
        assert isinstance(event, Ignored)

    def test_the_address_is_signed_with_the_body(self):
        """As ``openssl dgst -sha1 -hmac "an application secret" -binary | base64`` says."""
        hook = Hook(b"{}", url="https://log.example.org/integrations/trello/hook/x")
        signed = integration.signature.sign(hook, Secret("an application secret"))
        assert signed == {"x-trello-webhook": "vLucUcqs+9oRGXb+0uZ+1Uxm8Kc="}

    def test_trello_may_try_the_address_before_it_makes_a_webhook(self):
        path = "/" + self.link.hook_url.split("/", 3)[3]
        assert self.client.head(path).status_code == 200

    def test_what_is_sent_again_is_the_same_delivery(self):
        body = orjson.loads(self.fixture("updateCard__moved_to_done"))
        hooks = [Hook(orjson.dumps(each)) for each in (body, body | {"more": 1})]
        assert {integration.delivery_key(hook) for hook in hooks} == {"a-1"}

    def test_the_rest_says_why_it_makes_none(self):
        self.check_ignored("ignored__updateCard__by_nobody", "no_person")
        for name in ("createCard__to_do", "updateCard__begun", "updateCard__archived"):
            self.check_ignored(f"ignored__{name}", "unsupported_event")
        self.check_ignored("ignored__commentCard", "unsupported_event")
        assert "commentCard" in self.last_receipt().why

    def test_bodies_of_another_shape_are_refused_or_ignored(self):
        for body in ({}, {"action": []}, {"action": {"type": "updateCard", "data": {"card": 3}}}):
            [event] = self.read(body)
            assert isinstance(event, Ignored)
        with self.assertRaises(Unreadable):
            self.read([])
