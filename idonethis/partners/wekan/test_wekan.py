from __future__ import annotations

from datetime import timedelta

import orjson
from django.conf import settings

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Hook, Ignored, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.partners.wekan.integration import integration


class WekanTest(HookTestCase):
    def read(self, body, **config):
        return list(integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def changed(self, name, **more):
        return orjson.loads(self.fixture(name)) | more

    def test_a_card_that_is_moved_to_done_is_a_done_of_who_moves_it(self):
        entry = self.check_hook("act-moveCard__to_done", "Completed “Oil the mill”")
        assert entry.url == "https://wekan.example.org/b/bRd/engines/c12"

    def test_names_of_lists_beside_the_sentence_do_in_every_language(self):
        self.check_hook("act-moveCard__in_another_language", "Completed “Count the cards”")

    def test_without_them_only_english_is_understood(self):
        self.check_ignored("ignored__act-moveCard__in_another_language", "unsupported_event")
        assert "English" in self.last_receipt().why

    def test_the_name_of_a_card_cannot_say_where_it_was_moved(self):
        name = 'x" from list "To Do" at swimlane "s" to list "{}" at swimlane "s'
        begun = orjson.loads(self.fixture("ignored__act-moveCard__begun"))
        begun["text"] = begun["text"].replace("Order more brass", name.format("Done"))
        [event] = self.read(begun)
        assert isinstance(event, Ignored)
        done = orjson.loads(self.fixture("act-moveCard__to_done"))
        done["text"] = done["text"].replace("Oil the mill", name.format("Doing"))
        [event] = self.read(done)
        assert isinstance(event, Draft)

    def test_what_is_moved_back_or_deleted_goes(self):
        self.send("act-moveCard__to_done")
        back = self.changed("act-moveCard__back", cardId="c12")
        self.post_hook(orjson.dumps(back))
        assert not Entry.objects.alive().exists()
        [deleted] = self.draft_of("act-deleteCard")
        assert isinstance(deleted, Retract) and deleted.as_of

    def test_what_is_moved_again_later_is_another_delivery(self):
        once = Hook(self.fixture("act-moveCard__to_done"))
        later = Hook(once.body, received_at=once.received_at + timedelta(hours=1))
        again = Hook(once.body, received_at=once.received_at)
        keys = [integration.delivery_key(hook) for hook in (once, again, later)]
        assert keys[0] == keys[1] != keys[2]

    def test_the_link_says_which_lists_mean_done(self):
        [event] = self.draft_of("act-moveCard__to_done", lists="Shipped")
        assert isinstance(event, Ignored)
        body = self.changed("act-moveCard__to_done", oldList="Doing", list="🚢 SHIPPED!")
        [event] = self.read(body, lists="Done, shipped")
        assert isinstance(event, Draft)

    def test_from_one_done_list_to_another_nothing_happens(self):
        body = self.changed("act-moveCard__to_done", oldList="Done", list="done")
        [event] = self.read(body)
        assert isinstance(event, Ignored)

    def test_the_secret_may_stand_in_the_address_where_no_token_is_sent(self):
        path = self.link.hook_url.removeprefix(settings.BASE_URL)
        body, kind = self.fixture("act-moveCard__to_done"), "application/json"
        for secret, status in ((self.link.signing_secret, 200), ("wrong", 401)):
            sent = self.client.post(f"{path}?key={secret}", body, content_type=kind)
            assert sent.status_code == status

    def test_the_rest_says_why_it_makes_none(self):
        self.check_ignored("ignored__act-moveCard__by_nobody", "no_person")
        self.check_ignored("ignored__act-moveCard__begun", "unsupported_event")
        self.check_ignored("ignored__act-addComment", "unsupported_event")
        assert "act-addComment" in self.last_receipt().why

    def test_bodies_of_another_shape_are_refused_or_ignored(self):
        for more in ({"text": 3}, {"text": ""}, {"cardId": {}}, {"text": '" to list "'}):
            [event] = self.read(self.changed("act-moveCard__to_done", **more))
            assert isinstance(event, Ignored)
        with self.assertRaises(Unreadable):
            self.read([])
