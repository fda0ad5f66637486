from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Ignored, Reason, Retitle, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook


class TaigaTest(HookTestCase):
    """People have the name of their server before their ids."""

    ada_uid = "tree.taiga.io/1815"
    grace_uid = "tree.taiga.io/1906"

    def read(self, body, **config):
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def test_a_closed_user_story_is_a_done_of_whom_it_is_assigned_to(self):
        entry = self.check_hook("userstory__closed", "Closed “Oil the mill” (#12)")
        assert entry.url == "https://tree.taiga.io/project/ada-engines/us/12"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_without_anybody_it_is_of_who_closes_it(self):
        self.check_hook("task__closed", "Closed “Count the cards” (#16)")

    def test_a_user_story_is_closed_by_its_tasks_whatever_its_status(self):
        self.check_hook("userstory__closed_by_its_tasks", "Closed “Turn the crank” (#14)")

    def test_issues_epics_and_sprints_are_dones_as_well(self):
        said = [
            ("issue__created_as_closed", "Closed “The mill squeaks” (#18)"),
            ("epic__closed", "Closed the epic “Difference Engine No. 2”"),
            ("milestone__closed", "Closed the sprint “Difference 7”"),
        ]
        for name, body in said:
            [draft] = self.drafts(name)
            assert (draft.body, draft.actor.uid) == (body, self.ada_uid)

    def test_what_is_reopened_or_deleted_goes_and_what_is_renamed_is_renamed(self):
        self.send("userstory__closed")
        self.send("userstory__renamed")
        assert Entry.objects.get().body == "Closed “Oil the mill and the crank” (#12)"
        _why, reopened = self.draft_of("userstory__reopened")
        [deleted] = self.draft_of("task__deleted")
        assert isinstance(reopened, Retract) and isinstance(deleted, Retract)
        assert deleted.key == "task:tree.taiga.io:1171017"

    def test_what_goes_from_one_open_status_to_another_says_that_it_is_not_closed(self):
        self.send("userstory__reopened")
        assert self.last_receipt().outcome == "unsupported_event"

    def test_a_sprint_that_is_opened_again_or_renamed(self):
        body = orjson.loads(self.fixture("milestone__closed"))
        body["data"]["closed"] = False
        _why, event = self.read(body)
        assert isinstance(event, Retract)
        body["change"]["diff"] = {"name": {"from": "x", "to": "y"}}
        [event] = self.read(body)
        assert isinstance(event, Retitle)

    def test_rules_see_the_project_and_the_tags(self):
        body = orjson.loads(self.fixture("userstory__closed"))
        for tags in (["maintenance"], [["maintenance", "#aabbcc"]]):
            body["data"]["tags"] = tags
            [draft] = self.read(body)
            assert (draft.place, draft.labels) == ("Engines", ("maintenance",))
        [sprint] = self.drafts("milestone__closed")
        assert sprint.labels is None

    def test_two_taigas_do_not_meet(self):
        body = orjson.loads(self.fixture("userstory__closed"))
        body["data"]["project"]["permalink"] = "https://taiga.example.org/project/ada-engines"
        [other] = self.read(body)
        [draft] = self.drafts("userstory__closed")
        assert isinstance(other, Draft) and other.key != draft.key
        assert other.actor.uid == "taiga.example.org/1815"

    def test_a_link_may_leave_kinds_out(self):
        [event] = self.draft_of("task__closed", events=["userstory"])
        assert event.reason is Reason.FILTERED
        some = PlainLink(config={"events": ["userstory", "epic"]})
        assert self.integration.summary(some) == "Logs closed user stories, epics"

    def test_a_test_of_the_address_is_known_as_one(self):
        self.check_ignored("ignored__test", "ping")

    def test_the_rest_says_why_it_makes_none(self):
        self.check_ignored("ignored__task__of_nobody", "no_person")
        for name in ("userstory__created", "issue__reprioritised", "milestone__created"):
            self.check_ignored(f"ignored__{name}", "unsupported_event")
        self.check_ignored("ignored__wikipage__created", "unsupported_event")
        assert "wikipage" in self.last_receipt().why

    def test_bodies_of_another_shape_are_refused_or_ignored(self):
        for data in (None, [], {"id": 3, "tags": {"a": 1}, "status": 4, "project": "x"}):
            for change in ({}, {"diff": []}, 3):
                [event] = self.read({"type": "task", "action": "x", "data": data, "change": change})
                assert isinstance(event, Ignored)
        body = {"type": "task", "action": "create", "by": {"id": 3}}
        body["data"] = {"id": 3, "tags": [None, [], [[]]], "status": {"is_closed": True}}
        [event] = self.read(body)
        assert event.labels == ()
        with self.assertRaises(Unreadable):
            self.read([])
