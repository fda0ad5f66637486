from __future__ import annotations

import orjson

from idonethis.integrations.base import Retract
from idonethis.integrations.testing import HookTestCase


class NotionTest(HookTestCase):
    def test_a_page_whose_status_becomes_complete_is_a_done_of_who_set_it(self):
        entry = self.check_hook("page__completed", "Completed “Oil the mill”")
        assert entry.url == "https://www.notion.so/Oil-the-mill-70010000"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_out_of_the_group_again_it_goes(self):
        [reopened] = self.draft_of("page__reopened")
        assert isinstance(reopened, Retract)

    def test_another_property_makes_no_entry_though_the_page_is_complete(self):
        self.check_ignored("ignored__page__due_date", "unsupported_event")
        assert self.last_receipt().why == "Something else than its status has changed."

    def test_what_is_written_on_a_page_makes_none(self):
        self.check_ignored("ignored__page__content", "unsupported_event")

    def test_a_page_that_is_gone_says_so(self):
        self.check_ignored("ignored__page__gone", "vanished")

    def test_bots_make_no_entry_unless_the_link_wants_them(self):
        body = orjson.loads(self.fixture("page__completed"))
        body["authors"] = [{"id": "b-1", "type": "bot"}]
        more = {"title": "Oil the mill", "statuses": {"Z%3ClH": True}}
        self.post_hook(orjson.dumps(body), more=more)
        assert self.last_receipt().outcome == "bot"

    def test_of_bots_and_people_it_is_a_person(self):
        body = orjson.loads(self.fixture("page__completed"))
        body["authors"].insert(0, {"id": "b-1", "type": "bot"})
        more = {"title": "Oil the mill", "statuses": {"Z%3ClH": True}}
        self.post_hook(orjson.dumps(body), more=more)
        assert self.last_receipt().outcome == "created"

    def test_sent_again_it_is_the_same_receipt(self):
        self.send("page__completed")
        again = orjson.loads(self.fixture("page__completed")) | {"attempt_number": 2}
        self.post_hook(orjson.dumps(again))
        assert type(self.last_receipt()).objects.count() == 1
