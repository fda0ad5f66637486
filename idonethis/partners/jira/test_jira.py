from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Ignored, Reason, Retitle, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook


class JiraTest(HookTestCase):
    def read(self, body, **config):
        hook = Hook(orjson.dumps(body))
        return list(self.integration.read(hook, PlainLink(config=config)))

    def changed(self, name, **fields):
        body = orjson.loads(self.fixture(name))
        body["issue"]["fields"] |= fields
        return body

    def test_an_issue_that_is_done_is_a_done_of_its_assignee_whoever_moves_it(self):
        entry = self.check_hook("issue_updated__done", "Completed “Oil the mill” (ENG-12)")
        assert entry.url == "https://engines.atlassian.net/browse/ENG-12"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_without_an_assignee_it_is_of_who_moves_it(self):
        [draft] = self.read(self.changed("issue_updated__done", assignee=None))
        assert (draft.actor.uid, draft.actor.called) == ("1906", "Grace Hopper")

    def test_what_nobody_moves_and_nobody_has_is_no_entry(self):
        self.check_ignored("ignored__issue_updated__by_nobody", "no_person")

    def test_an_issue_that_is_done_from_the_beginning_counts(self):
        [draft] = self.drafts("issue_created__done")
        assert draft.body == "Completed “Count the cards” (ENG-16)"

    def test_rules_see_the_project_and_the_labels(self):
        [draft] = self.drafts("issue_updated__done")
        assert (draft.place, draft.labels) == ("ENG", ("maintenance",))

    def test_what_is_reopened_or_deleted_goes_and_what_is_renamed_is_renamed(self):
        self.send("issue_updated__done")
        self.send("issue_updated__renamed")
        assert Entry.objects.get().body == "Completed “Oil the mill and the crank” (ENG-12)"
        [deleted] = self.draft_of("issue_deleted__done")
        _why, reopened = self.draft_of("issue_updated__reopened")
        assert isinstance(reopened, Retract) and isinstance(deleted, Retract)
        assert reopened.key == "issue:engines.atlassian.net:10013"

    def test_reopening_wins_in_whatever_order_they_arrive(self):
        done, reopened = (
            self.fixture("issue_updated__done"),
            self.changed("issue_updated__reopened"),
        )
        reopened["issue"]["id"] = "10012"
        self.post_hook(orjson.dumps(reopened))
        assert self.last_receipt().outcome == "unsupported_event"
        self.post_hook(done)
        assert not Entry.objects.alive().exists()

    def test_what_is_dropped_is_not_done_and_takes_back_what_was(self):
        ignored, retract = self.draft_of("issue_updated__dropped")
        assert isinstance(ignored, Ignored) and "Duplicate" in ignored.why
        assert isinstance(retract, Retract)
        for name in ("Won’t Do", "won't fix"):
            body = self.changed("issue_created__done", resolution={"name": name})
            [event] = self.read(body)
            assert event.reason is Reason.FILTERED
        [event] = self.read(self.changed("issue_created__done", resolution={"name": "Fixed"}))
        assert isinstance(event, Draft)

    def test_a_new_resolution_of_what_is_done_counts_as_well(self):
        body = self.changed("issue_updated__done")
        body["changelog"]["items"] = body["changelog"]["items"][:1]
        [event] = self.read(body)
        assert isinstance(event, Draft)

    def test_a_data_center_names_people_by_key_and_its_addresses_are_hints(self):
        [draft] = self.drafts("issue_updated__in_a_data_center")
        assert (draft.actor.uid, draft.actor.login) == ("JIRAUSER1815", "ada")
        assert draft.actor.email == "ada@example.org" and not draft.actor.vouched
        assert draft.url == "https://jira.example.org/tracker/browse/ENG-12"
        [cloud] = self.drafts("issue_updated__done")
        assert cloud.actor.vouched and cloud.key != draft.key

    def test_a_jira_without_categories_is_done_when_it_is_resolved(self):
        for resolution, kind in (({"name": "Fixed"}, Draft), (None, Retract)):
            body = self.changed(
                "issue_updated__in_a_data_center", status={"name": "X"}, resolution=resolution
            )
            *_, event = self.read(body)
            assert isinstance(event, kind)

    def test_what_apps_move_makes_no_entry_unless_the_link_wants_it(self):
        app = {"accountId": "a-1", "displayName": "Automation", "accountType": "app"}
        body = self.changed("issue_updated__done", assignee=None)
        body["user"] = app
        [event] = self.read(body)
        assert event.reason is Reason.BOT
        [event] = self.read(body, bots=True)
        assert isinstance(event, Draft)

    def test_a_sprint_is_logged_where_the_link_wants_it(self):
        self.check_ignored("ignored__sprint_closed", "filtered_rule")
        [draft] = self.drafts("ignored__sprint_closed", sprints=True)
        assert draft.body == "Closed the sprint “Difference 7”"
        assert draft.actor.uid == ""

    def test_a_sprint_is_renamed_opened_again_and_deleted(self):
        body = orjson.loads(self.fixture("ignored__sprint_closed"))
        said = (
            ("sprint_updated", "closed", Retitle),
            ("sprint_updated", "active", Retract),
            ("sprint_deleted", "closed", Retract),
            ("sprint_started", "active", Ignored),
        )
        for event, state, kind in said:
            body["webhookEvent"], body["sprint"]["state"] = event, state
            [made] = self.read(body, sprints=True)
            assert isinstance(made, kind)

    def test_other_events_say_why_they_make_none(self):
        for name in ("ignored__comment_created", "ignored__worklog_created"):
            self.check_ignored(name, "unsupported_event")
            assert name.removeprefix("ignored__") in self.last_receipt().why
        self.check_ignored("ignored__issue_updated__prioritised", "unsupported_event")

    def test_bodies_of_another_shape_are_refused_or_ignored(self):
        for body in ({}, {"webhookEvent": "jira:issue_updated", "issue": [], "changelog": 3}):
            [event] = self.read(body)
            assert isinstance(event, Ignored)
        with self.assertRaises(Unreadable):
            self.read([])

    def test_the_summary_says_whether_sprints_are_logged(self):
        assert self.integration.summary(PlainLink()) == "Logs issues that are done"
        wanted = PlainLink(config={"sprints": True})
        assert self.integration.summary(wanted) == "Logs issues that are done and closed sprints"
