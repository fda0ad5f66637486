from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Hook, Ignored, Retract
from idonethis.integrations.models import Receipt
from idonethis.integrations.testing import HookTestCase


class TogglTest(HookTestCase):
    def test_a_completed_task_is_a_done_of_its_assignee_whoever_completes_it(self):
        entry = self.check_hook("task_updated__done", "Completed “Oil the mill”")
        assert str(entry.occurred_on) == "2026-11-23"

    def test_an_archived_project_is_a_done_of_who_archives_it(self):
        self.check_hook(
            "project_updated__archived", "Archived the project “Difference Engine No. 2”"
        )

    def test_made_active_again_or_deleted_it_takes_its_entry_back_in_any_order(self):
        for name in ("task_updated__active_again", "task_deleted"):
            assert isinstance(self.draft_of(name)[0], Retract)
        again = orjson.loads(self.fixture("task_updated__done"))
        again |= {"event_id": 9000, "created_at": "2026-11-23T16:00:00Z"}
        again["payload"]["active"] = True
        self.post_hook(orjson.dumps(again))
        self.send("task_updated__done")
        assert not Entry.objects.alive().exists()

    def test_tracked_time_makes_no_entry_unless_the_link_wants_it(self):
        self.check_ignored("ignored__time_entry_created", "unsupported_event")
        assert "tracked time" in self.last_receipt().why

    def test_tracked_time_is_an_entry_once_it_is_stopped_whatever_order_its_changes_come_in(self):
        created, updated = "ignored__time_entry_created", "ignored__time_entry_updated"
        for order in ((created, updated), (updated, created)):
            self.want_time()
            for name in (*order, "ignored__time_entry_created__running"):
                self.send(name)
            entry = Entry.objects.get()
            assert (entry.body, entry.user) == ("Turning the crank twice (1 h 30 min)", self.ada)
            Entry.objects.all().delete()
            Receipt.objects.all().delete()

    def test_tracked_time_that_is_deleted_takes_its_entry_back_in_any_order(self):
        self.want_time()
        gone = orjson.loads(self.fixture("ignored__time_entry_created"))
        gone |= {"event_id": 9001, "created_at": "2026-11-23T16:00:00Z"}
        gone["metadata"]["action"] = "deleted"
        self.post_hook(orjson.dumps(gone))
        self.send("ignored__time_entry_created")
        assert not Entry.objects.alive().exists()

    def test_tracked_time_that_says_not_what_for_makes_none(self):
        body = orjson.loads(self.fixture("ignored__time_entry_created"))
        body["payload"]["description"] = None
        self.want_time()
        [event] = self.integration.read(Hook(orjson.dumps(body)), self.link)
        assert isinstance(event, Ignored) and "what for" in event.why

    def test_a_short_time_is_at_least_a_minute(self):
        body = orjson.loads(self.fixture("ignored__time_entry_created"))
        for seconds, said in ((5, "1 min"), (3600, "1 h"), (7260, "2 h 1 min")):
            body["payload"]["duration"] = seconds
            self.link.config = {"time": True}
            [draft] = self.integration.read(Hook(orjson.dumps(body)), self.link)
            assert isinstance(draft, Draft)
            assert draft.body == f"Turning the crank ({said})"

    def test_a_link_may_leave_out_projects(self):
        [event] = self.draft_of("project_updated__archived", events=["task"])
        assert isinstance(event, Ignored) and "archived projects" in event.why

    def test_a_signed_ping_is_answered_with_its_code_and_not_stored(self):
        ping = orjson.loads(self.fixture("ignored__ping")) | {"validation_code": "89627dd7"}
        assert self.post_hook(orjson.dumps(ping)).json() == {"validation_code": "89627dd7"}
        assert self.post_hook(orjson.dumps(ping), signed=False).status_code == 401
        assert not Receipt.objects.exists()
        self.check_ignored("ignored__ping", "ping")

    def test_what_is_not_posted_is_answered_with_no_code(self):
        for body in (b"", b'{"validation_code": "89627dd7"}'):
            assert self.integration.challenge(Hook(body, method="GET")) is None

    def test_other_things_say_why_they_make_none(self):
        self.check_ignored("ignored__tag_created", "unsupported_event")
        assert "tag" in self.last_receipt().why
        self.check_ignored("ignored__task_created", "unsupported_event")

    def test_sent_again_it_is_the_same_delivery(self):
        key = self.integration.delivery_key
        assert key(Hook(self.fixture("task_deleted"))) == "8004"
        assert key(Hook(self.fixture("ignored__ping"))) != "0"

    def want_time(self) -> None:
        self.link.config = {"time": True}
        self.link.save()
