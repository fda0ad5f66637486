from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Ignored, Reason, Retitle, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook


class ShortcutTest(HookTestCase):
    def read(self, body, **config):
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def test_a_completed_story_is_a_done_of_who_completes_it(self):
        entry = self.check_hook("story__completed", "Completed “Oil the mill” (sc-12)")
        assert entry.url == "https://app.shortcut.com/engines/story/12"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_a_completed_epic_is_one_too(self):
        self.check_hook("epic__completed", "Completed the epic “Difference Engine No. 2”")

    def test_a_story_that_is_completed_from_the_beginning_counts(self):
        [draft] = self.drafts("story__created_as_completed")
        assert draft.key == "story:16"

    def test_each_of_several_that_are_completed_at_once_counts(self):
        self.send("story__two_at_once")
        assert Entry.objects.count() == 2

    def test_the_type_of_a_state_decides_where_completed_is_not_told(self):
        body = orjson.loads(self.fixture("story__completed"))
        del body["actions"][0]["changes"]["completed"]
        [event] = self.read(body)
        assert isinstance(event, Draft)
        body["references"][0]["entity_type"] = "epic-state"
        [event] = self.read(body)
        assert isinstance(event, Ignored)
        body = orjson.loads(self.fixture("epic__completed"))
        del body["actions"][0]["changes"]["completed"]
        [event] = self.read(body)
        assert isinstance(event, Draft)

    def test_completed_decides_where_nothing_is_told_of_states(self):
        for name, kind in (("story__completed", Draft), ("story__reopened", Retract)):
            body = orjson.loads(self.fixture(name))
            body["references"] = []
            [event] = self.read(body)
            assert isinstance(event, kind)

    def test_from_one_done_state_to_another_nothing_happens(self):
        body = orjson.loads(self.fixture("story__completed"))
        del body["actions"][0]["changes"]["completed"]
        body["references"][1]["type"] = "done"
        [event] = self.read(body)
        assert isinstance(event, Ignored)

    def test_what_is_reopened_or_deleted_goes_and_what_is_renamed_is_renamed(self):
        self.send("story__completed")
        self.send("story__renamed")
        assert Entry.objects.get().body == "Completed “Oil the mill and the crank” (sc-12)"
        [reopened], [deleted] = self.draft_of("story__reopened"), self.draft_of("story__deleted")
        assert isinstance(reopened, Retract) and reopened.key == "story:13"
        assert isinstance(deleted, Retract) and deleted.as_of
        [renamed] = self.draft_of("story__renamed")
        assert isinstance(renamed, Retitle)

    def test_a_link_may_leave_epics_out(self):
        [event] = self.draft_of("epic__completed", events=["story"])
        assert event.reason is Reason.FILTERED
        summary = self.integration.summary(PlainLink(config={"events": ["story"]}))
        assert summary == "Logs completed stories"

    def test_the_rest_says_why_it_makes_none(self):
        self.check_ignored("ignored__story__completed_by_nobody", "no_person")
        for name in ("ignored__story__started", "ignored__story_comment__created"):
            self.check_ignored(name, "unsupported_event")
            assert "stor" in self.last_receipt().why

    def test_what_is_sent_again_is_the_same_delivery_by_its_id(self):
        body = orjson.loads(self.fixture("story__completed"))
        hooks = [Hook(orjson.dumps(each)) for each in (body, body | {"more": 1})]
        assert {self.integration.delivery_key(hook) for hook in hooks} == {"e-1"}
        assert self.integration.event(hooks[0]) == "story.update"

    def test_bodies_of_another_shape_are_refused_or_ignored(self):
        for actions in (None, [3], [{"entity_type": "story"}], [{"entity_type": "epic", "id": {}}]):
            [event] = self.read({"actions": actions, "references": {}})
            assert isinstance(event, Ignored)
        with self.assertRaises(Unreadable):
            self.read([])
