from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Retract
from idonethis.integrations.models import Receipt
from idonethis.integrations.testing import HookTestCase


class ClickUpTest(HookTestCase):
    def test_a_completed_task_is_a_done_of_who_moved_it(self):
        entry = self.check_hook("task__completed", "Completed “Oil the mill”")
        assert entry.url == "https://app.clickup.com/t/86abc1"
        assert str(entry.occurred_on) == "2026-11-22"

    def test_what_is_taken_up_again_goes(self):
        [reopened] = self.draft_of("task__reopened")
        assert isinstance(reopened, Retract) and reopened.key == "task:86abc2"

    def test_between_two_statuses_of_the_same_kind_nothing_happens(self):
        self.check_ignored("ignored__task__moved", "unsupported_event")
        self.check_ignored("ignored__task__closed_after_done", "unsupported_event")

    def test_the_same_event_sent_again_is_the_same_receipt(self):
        self.send("task__completed")
        again = orjson.loads(self.fixture("task__completed")) | {"webhook_id": "another"}
        self.post_hook(orjson.dumps(again))
        assert Receipt.objects.count() == Entry.objects.count() == 1

    def test_whoever_clickup_has_verified_is_known_by_their_address(self):
        [draft] = self.drafts("task__completed")
        assert (draft.actor.email, draft.actor.vouched) == ("ada@example.org", True)
        assert draft.labels == ("brass",)

    def test_its_own_automations_are_bots(self):
        body = orjson.loads(self.fixture("task__completed"))
        body["history_items"][0]["user"] = {"id": -1, "username": "ClickBot"}
        more = {"task": {"id": "86abc1", "name": "Oil the mill"}}
        self.post_hook(orjson.dumps(body), more=more)
        assert self.last_receipt().outcome != "created"

    def test_an_unsigned_hook_hears_nothing_that_would_suspend_the_webhook(self):
        body = self.fixture("task__completed")
        assert self.post_hook(body, signed=False).status_code == 400
        self.link.remove()
        assert self.post_hook(body).status_code == 404
