from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Hook, Ignored, Reason, Retract, Secret, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase


class TodoistTest(HookTestCase):
    def read(self, body, **config):
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def changed(self, name, **task):
        body = orjson.loads(self.fixture(name))
        body["event_data"] |= task
        return body

    def test_a_completed_task_is_a_done_of_who_completes_it(self):
        entry = self.check_hook("item_completed", "Completed “Oil the mill”")
        assert entry.url == "https://app.todoist.com/app/task/6X12"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_in_a_shared_project_it_is_not_always_of_whose_application_it_is(self):
        body = orjson.loads(self.fixture("item_completed"))
        body["initiator"] = {"id": "1906", "full_name": "Grace Hopper", "email": "g@example.org"}
        [draft] = self.read(body)
        assert (draft.actor.uid, draft.actor.called) == ("1906", "Grace Hopper")
        assert not draft.actor.vouched

    def test_it_is_signed_with_the_secret_of_the_application(self):
        """As ``openssl dgst -sha256 -hmac "a client secret" -binary | base64`` says."""
        signed = {"X-Todoist-Hmac-SHA256": "wsXzQgkJ90tYP8kZk9NYbglMtVdhRnm5uwDhXNxKZhs="}
        assert self.post_hook(b"{}", headers=signed, signed=False).status_code == 401
        self.link.take_secret(Secret("a client secret"))
        assert self.post_hook(b"{}", headers=signed, signed=False).status_code == 200

    def test_a_task_that_comes_again_is_done_once_a_day(self):
        self.send("item_completed__that_comes_again")
        self.send("item_updated__that_comes_again")
        tomorrow = orjson.loads(self.fixture("item_completed__that_comes_again"))
        tomorrow["triggered_at"] = "2026-11-24T15:04:05.000000Z"
        assert Entry.objects.count() == 1
        self.post_hook(orjson.dumps(tomorrow))
        assert Entry.objects.count() == 2

    def test_what_is_opened_again_or_deleted_goes_and_what_is_renamed_is_renamed(self):
        self.send("item_completed")
        self.send("item_updated__renamed")
        assert Entry.objects.get().body == "Completed “Oil the mill and the crank”"
        for name in ("item_uncompleted", "item_deleted"):
            [event] = self.draft_of(name)
            assert isinstance(event, Retract) and event.as_of
        body = self.changed("item_updated__renamed")
        body["event_data_extra"]["update_intent"] = "item_uncompleted"
        self.post_hook(orjson.dumps(body))
        assert not Entry.objects.alive().exists()

    def test_a_link_may_want_labels(self):
        [event] = self.draft_of("item_completed", labels=["work"])
        assert event.reason is Reason.FILTERED
        [draft] = self.drafts("item_completed", labels=["maintenance"])
        assert draft.labels == ("maintenance",)
        [event] = self.read(self.changed("item_completed", labels=[]), labels=["work"])
        assert event.reason is Reason.FILTERED

    def test_what_names_nobody_is_no_entry(self):
        self.check_ignored("ignored__item_completed__by_nobody", "no_person")

    def test_the_rest_says_why_it_makes_none(self):
        for name in ("item_added", "item_updated__moved", "note_added"):
            self.check_ignored(f"ignored__{name}", "unsupported_event")
        assert "note:added" in self.last_receipt().why

    def test_bodies_of_another_shape_are_refused_or_ignored(self):
        for body in ({}, {"event_name": "item:completed", "event_data": [3]}):
            [event] = self.read(body)
            assert isinstance(event, Ignored)
        strange = {"due": 3, "completed_at": [], "content": None}
        for labels in ([None, {}], "maintenance"):
            body = self.changed("item_completed", **strange, labels=labels)
            [draft] = self.read(body)
            assert (draft.body, draft.labels) == ("Completed “untitled”", ())
        with self.assertRaises(Unreadable):
            self.read([])
