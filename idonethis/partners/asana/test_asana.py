from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Retract
from idonethis.integrations.testing import HookTestCase


class AsanaTest(HookTestCase):
    def test_a_completed_task_is_a_done_of_who_completed_it(self):
        entry = self.check_hook("task__completed", "Completed “Oil the mill”")
        assert entry.url == "https://app.asana.com/1/42/project/1842/task/7001"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_several_in_one_delivery_are_a_done_each_of_their_people(self):
        self.send("task__several")
        found = Entry.objects.order_by("body").values_list("body", "user__name")
        assert list(found) == [
            ("Completed “File the gear”", "Ada Lovelace"),
            ("Completed “Print the tables”", "Grace Hopper"),
        ]

    def test_what_is_taken_up_again_goes(self):
        [reopened] = self.draft_of("task__reopened")
        assert isinstance(reopened, Retract) and reopened.key == "task:7002"
        self.send("task__completed")
        more = {"tasks": {"7001": {"completed": False, "modified_at": "2026-11-25T10:00:00Z"}}}
        body = orjson.loads(self.fixture("task__completed"))
        body["events"][0]["created_at"] = "2026-11-25T10:00:00Z"
        self.post_hook(orjson.dumps(body), more=more)
        assert not Entry.objects.alive().exists()

    def test_who_completed_it_is_known_by_the_address_that_asana_tells(self):
        [draft] = self.drafts("task__completed")
        assert (draft.actor.email, draft.actor.vouched) == ("ada@example.org", True)
        assert draft.labels == ("brass",)

    def test_a_task_that_is_gone_says_so(self):
        self.check_ignored("ignored__task__gone", "vanished")
        assert self.last_receipt().why == "The task is no longer at Asana."

    def test_a_heartbeat_is_no_event(self):
        self.check_ignored("ignored__heartbeat", "ping")

    def test_a_new_name_alone_makes_no_entry(self):
        self.check_ignored("ignored__task__renamed", "unsupported_event")
