from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Hook, Ignored, Reason
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

SITE = "https://jira.example.org/tracker"


class JiraServerTest(HookTestCase):
    ada_uid = "jira.example.org/tracker/JIRAUSER1815"
    grace_uid = "jira.example.org/tracker/JIRAUSER1906"

    def test_an_issue_that_is_done_is_a_done_of_its_assignee_whoever_moves_it(self):
        entry = self.check_hook("issue_updated__done", "Completed “Oil the mill” (ENG-12)")
        assert entry.url == f"{SITE}/browse/ENG-12"
        self.send("issue_updated__renamed")
        assert Entry.objects.get().body == "Completed “Oil the mill and the crank” (ENG-12)"

    def test_what_is_reopened_or_deleted_takes_its_entry_back(self):
        for name in ("issue_updated__reopened", "issue_deleted"):
            gone = orjson.loads(self.fixture(name))
            done = orjson.loads(self.fixture("issue_updated__done"))
            done["issue"]["id"] = gone["issue"]["id"]
            self.post_hook(orjson.dumps(done))
            assert Entry.objects.alive().count() == 1, name
            self.send(name)
            assert not Entry.objects.alive().exists(), name

    def test_addresses_of_people_are_hints(self):
        [draft] = self.drafts("issue_updated__done")
        assert draft.actor.email == "ada@example.org" and not draft.actor.vouched

    def test_rules_see_the_project_and_the_labels(self):
        [draft] = self.drafts("issue_updated__done")
        assert (draft.place, draft.labels) == ("ENG", ("maintenance",))

    def test_people_are_called_after_the_address_that_was_typed_where_a_link_knows_one(self):
        inside = PlainLink(subject="http://jira.internal:8080/10000")
        [draft] = self.integration.hook(Hook(self.fixture("issue_updated__done")), inside)
        assert draft.actor.uid == "jira.internal:8080/JIRAUSER1815"

    def test_what_is_about_another_project_is_left_out(self):
        [event] = self.integration.hook(
            Hook(self.fixture("issue_updated__done")), PlainLink(subject=f"{SITE}/10001")
        )
        assert isinstance(event, Ignored) and event.reason is Reason.FILTERED

    def test_an_issue_of_nobody_that_nobody_moves_is_no_entry(self):
        body = orjson.loads(self.fixture("issue_updated__done"))
        body["issue"]["fields"]["assignee"] = body["user"] = None
        self.post_hook(orjson.dumps(body))
        assert self.last_receipt().outcome == "no_person"

    def test_other_events_say_why_they_make_none(self):
        self.check_ignored("ignored__version_released", "unsupported_event")
        assert "jira:version_released" in self.last_receipt().why
        assert self.last_receipt().event == "jira:version_released"

    def test_what_is_no_object_is_refused(self):
        self.post_hook(b"[]")
        assert self.last_receipt().outcome == "unreadable"

    def test_the_summary_says_what_is_logged(self):
        assert self.integration.summary(self.link) == "Logs issues that are done"
