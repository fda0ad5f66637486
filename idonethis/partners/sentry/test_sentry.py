from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import NOBODY, Draft, Hook, Ignored, Retract
from idonethis.integrations.testing import HookTestCase


class SentryTest(HookTestCase):
    def test_a_resolved_issue_is_a_done_of_who_resolved_it(self):
        entry = self.check_hook(
            "issue__resolved", "Resolved “CarryOverflow: wheel 7 has no tooth left” (ENGINE-7)"
        )
        assert entry.url == "https://engines.sentry.example.com/issues/7007/"

    def test_an_issue_that_somebody_opens_again_takes_its_entry_back(self):
        self.send("issue__resolved")
        self.changed("issue__resolved", action="unresolved")
        assert self.last_receipt().outcome == "retracted"
        assert not Entry.objects.alive().exists()

    def test_an_issue_that_is_resolved_again_is_a_done_again(self):
        self.send("issue__resolved")
        self.changed("issue__resolved", action="unresolved")
        self.changed("issue__resolved", action="resolved")
        assert Entry.objects.alive().count() == 1

    def test_an_error_that_comes_back_by_itself_takes_nothing_back(self):
        self.check_ignored("ignored__issue__regressed", "unsupported_event")
        [event] = self.draft_of("issue__reopened")
        assert isinstance(event, Retract)

    def test_what_sentry_resolves_itself_is_logged_only_where_the_link_wants_bots(self):
        self.check_ignored("ignored__issue__resolved_by_itself", "bot")
        [event] = self.draft_of("ignored__issue__resolved_by_itself", bots=True)
        assert isinstance(event, Draft)

    def test_a_new_issue_is_a_blocker_of_its_assignee_where_the_link_says_so(self):
        [event] = self.draft_of("ignored__issue__created")
        assert isinstance(event, Ignored) and "new issues" in event.why
        self.link.config = {"blockers": True}
        self.link.save()
        entry = self.check_hook(
            "ignored__issue__created",
            "New issue “CardJam: stack 5” (ENGINE-10)",
            kind="blocked",
            user=self.grace,
        )
        assert str(entry.occurred_on) == "2026-11-22"

    def test_a_new_issue_that_is_a_teams_or_nobodys_is_of_who_made_the_link(self):
        for assigned in (None, {"type": "team", "id": "4", "name": "Engines"}):
            body = orjson.loads(self.fixture("ignored__issue__created"))
            body["data"]["issue"]["assignedTo"] = assigned
            assert self.read(body, blockers=True).actor == NOBODY

    def test_a_link_can_be_for_some_projects_alone(self):
        [event] = self.draft_of("issue__resolved", places=["loom"])
        assert isinstance(event, Ignored)
        [event] = self.draft_of("issue__resolved", places=["engine"])
        assert isinstance(event, Draft)

    def test_whatever_is_no_issue_and_whatever_is_archived_says_why_it_makes_no_entry(self):
        for name, word in (
            ("ignored__event_alert__triggered", "event_alert"),
            ("ignored__issue__archived", "archived"),
            ("ignored__issue__assigned", "assigned"),
        ):
            self.check_ignored(name, "unsupported_event")
            assert word in self.last_receipt().why

    def test_the_summary_says_whether_new_issues_are_blockers(self):
        self.link.config = {"blockers": True}
        assert (
            self.integration.summary(self.link) == "Logs resolved issues, and new ones as blockers"
        )

    def changed(self, name: str, **changes: object) -> None:
        body = orjson.loads(self.fixture(name)) | changes
        self.post_hook(orjson.dumps(body), headers=self.headers_for(name))

    def read(self, body: object, **config: object) -> Draft:
        self.link.config = config
        headers = self.headers_for("ignored__issue__created")
        hook = Hook(orjson.dumps(body), headers)
        [event] = self.integration.read(hook, self.link)
        assert isinstance(event, Draft)
        return event
