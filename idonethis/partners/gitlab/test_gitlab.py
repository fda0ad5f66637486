from __future__ import annotations

from idonethis.integrations.base import Draft, Hook, Ignored, Retitle, Retract
from idonethis.integrations.plain_link import PlainLink
from idonethis.partners.gitlab.testing import GitLabTestCase

AT = "2026-11-23T15:04:05+00:00"


class GitLabTest(GitLabTestCase):
    def test_a_task_is_an_issue_of_another_name(self):
        self.check_hook("work_item__closed", "Closed “Order brass” (#5)")
        [event] = self.read("work_item__closed", config={"events": ["push"]})
        assert event.why == "This link does not log issues."

    def test_what_is_reopened_goes_and_what_is_renamed_is_renamed(self):
        [reopened], [issue] = self.draft_of("issue__reopened"), self.draft_of("issue__retitled")
        [request] = self.draft_of("merge_request__retitled")
        assert isinstance(reopened, Retract) and reopened.as_of
        assert isinstance(issue, Retitle) and isinstance(request, Retitle)
        assert request.body == "Merged “Oil the mill and the crank” (!7)"
        assert request.as_of.isoformat() == "2026-11-23T17:00:00+00:00"

    def test_a_confidential_issue_stays_at_gitlab(self):
        self.check_ignored("ignored__issue__confidential", "private_policy")

    def test_a_moved_or_duplicate_issue_goes_on_elsewhere(self):
        for name in ("moved_to_id", "duplicated_to_id"):
            changed = self.thing("issue__closed", **{name: 7})
            [event] = self.read("issue__closed", object_attributes=changed)
            assert isinstance(event, Ignored) and "another one" in event.why

    def test_a_release_that_is_deleted_goes_in_any_order(self):
        [gone] = self.draft_of("release__deleted")
        assert isinstance(gone, Retract) and gone.as_of
        [draft] = self.draft_of("release__created")
        assert draft.as_of is None, "so it never comes back after it was deleted"

    def test_a_failed_pipeline_is_a_blocker_only_where_the_link_says_so(self):
        [quiet] = self.draft_of("ignored__pipeline__failed")
        assert quiet.why == "This link does not log pipelines."
        [draft] = self.draft_of("ignored__pipeline__failed", pipelines=True)
        said = (draft.kind, draft.body, draft.actor.uid)
        assert said == ("blocked", "The pipeline of main failed in analytical/engine", "1815")
        [better] = self.draft_of("ignored__pipeline__succeeded", pipelines=True)
        assert isinstance(better, Retract) and better.key == draft.key
        assert better.as_of > draft.as_of

    def test_other_events_say_why_they_make_none(self):
        self.check_ignored("ignored__note__made", "unsupported_event")
        assert "note" in self.last_receipt().why

    def test_every_entry_says_when_it_was_done(self):
        for name in ("merge_request__merged", "issue__closed", "push__two_commits"):
            [draft] = self.draft_of(name)
            assert isinstance(draft, Draft) and draft.occurred_at.isoformat() == AT

    def test_the_summary_of_a_link_says_what_it_logs(self):
        said = [
            self.integration.summary(PlainLink(config=config))
            for config in ({}, {"events": ["push"]}, {"events": []})
        ]
        assert said == [
            "Logs commits, merge requests, issues, releases",
            "Logs commits",
            "Logs nothing",
        ]

    def test_an_entry_tells_all_that_gitlab_does(self):
        for name, url, as_of in (
            ("merge_request__merged", "/-/merge_requests/7", AT),
            ("issue__closed", "/-/issues/3", AT),
            ("release__created", "/-/releases/v1.2", None),
            ("ignored__pipeline__failed", "/-/pipelines/900", AT),
        ):
            [draft] = self.draft_of(name, pipelines=True)
            assert draft.url == f"https://gitlab.com/analytical/engine{url}"
            assert draft.occurred_at.isoformat() == AT, name
            assert (draft.as_of and draft.as_of.isoformat()) == as_of, name
            labelled = name.startswith(("merge", "issue"))
            assert draft.labels == (("maintenance",) if labelled else None)

    def test_a_merge_and_a_closing_happened_when_gitlab_says_and_not_at_the_last_change(self):
        later = {"updated_at": "2026-11-25 10:00:00 UTC"}
        changed = self.thing("issue__closed", **later)
        [draft] = self.read("issue__closed", object_attributes=changed)
        assert draft.occurred_at.isoformat() == AT
        changed = self.thing("issue__closed", closed_at=None)
        [draft] = self.read("issue__closed", object_attributes=changed)
        assert draft.occurred_at.isoformat() == AT
        changed = self.thing("merge_request__merged", **later, merged_at="2026-11-23 15:04:05 UTC")
        [draft] = self.read("merge_request__merged", object_attributes=changed)
        assert draft.occurred_at.isoformat() == AT

    def test_what_is_missing_is_left_out(self):
        bare = {"id": 1, "action": "close", "title": None, "iid": None}
        [draft] = self.read("issue__closed", object_attributes=bare, project=None, labels=None)
        assert (draft.body, draft.url, draft.key) == ("Closed “untitled”", "", "issue:1")
        [draft] = self.read("release__created", tag=None, name=None, project=None)
        assert draft.body == "Released a version of a project"
        [draft] = self.read(
            "push__two_commits", config={"places": ["main"]}, commits=[{"message": 3}], project=None
        )
        assert draft.details[0].text == "A commit without a message"
        assert (draft.key, draft.url) == ("push:42:main", "")

    def test_a_pipeline_leads_to_where_gitlab_says_or_where_it_must_be(self):
        for url, page in (
            (None, "https://gitlab.com/analytical/engine/-/pipelines/900"),
            ("https://gitlab.com/p/900", "https://gitlab.com/p/900"),
        ):
            changed = self.thing("ignored__pipeline__failed", url=url)
            [draft] = self.read(
                "ignored__pipeline__failed", config={"pipelines": True}, object_attributes=changed
            )
            assert draft.url == page

    def test_a_release_is_known_by_its_id_else_by_its_tag_else_by_its_name(self):
        for changes, key in (
            ({}, "release:42:20"),
            ({"id": None}, "release:42:v1.2"),
            ({"id": None, "tag": None}, "release:42:Second edition"),
        ):
            [draft] = self.read("release__created", **changes)
            assert draft.key == key

    def test_what_is_not_over_yet_says_what_has_happened(self):
        for name, action, said in (
            ("ignored__merge_request__opened", "open", "“open”"),
            ("ignored__issue__opened", None, "without a name"),
        ):
            changed = self.thing(name, action=action)
            [event] = self.read(name, object_attributes=changed)
            assert event.why.endswith(f"this event is {said}.")

    def test_a_receipt_names_the_event_with_its_action(self):
        for body, name in (
            (self.fixture("issue__closed"), "issue.close"),
            (b'{"event_name": "repository_update"}', "repository_update"),
            (b"[]", ""),
        ):
            assert self.integration.event(Hook(body)) == name
