from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Growing, Hook, Ignored, Reason, Retitle, Retract
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

AT = "2026-11-23T15:04:05+00:00"


class GitLabTest(HookTestCase):
    def read(self, name, *, config=None, **changes):
        """What becomes of a fixture with these parts of the body in place of its own."""
        body = {**orjson.loads(self.fixture(name)), **changes}
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config or {})))

    def thing(self, name, **changes):
        return {**orjson.loads(self.fixture(name))["object_attributes"], **changes}

    def test_a_merged_merge_request_is_its_authors_done_whoever_merges_it(self):
        entry = self.check_hook("merge_request__merged", "Merged “Oil the mill” (!7)")
        assert entry.url == "https://gitlab.com/analytical/engine/-/merge_requests/7"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_an_author_whom_the_body_does_not_name_is_known_by_the_number(self):
        [draft] = self.read("merge_request__merged", assignees=[])
        assert (draft.actor.uid, draft.actor.called) == ("1815", "")
        assert draft.labels == ("maintenance",) and draft.place == "main"

    def test_a_closed_issue_is_of_its_only_assignee_else_of_who_closes_it(self):
        self.check_hook("issue__closed", "Closed “The crank squeaks” (#3)")
        two = [{"id": 1815, "username": "ada"}, {"id": 1, "username": "mallory"}]
        for assignees in ([], two):
            [draft] = self.read("issue__closed", assignees=assignees)
            assert draft.actor.uid == "1906"

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

    def test_a_push_grows_one_entry_and_is_of_who_pushes(self):
        entry = self.check_hook(
            "push__two_commits", "Pushed 2 commits to main of analytical/engine"
        )
        texts = [detail.text for detail in entry.details]
        assert texts == ["Carry the tens", "Print the tables"]
        assert entry.url.endswith(f"/-/compare/{'0a' * 20}...{'12' * 20}")

    def test_the_push_of_a_merge_is_part_of_what_was_merged(self):
        self.check_one_merge("merge_request__merged", "push__of_a_merge")

    def test_the_push_of_a_merge_is_part_of_it_even_if_it_comes_first(self):
        self.check_one_merge("push__of_a_merge", "merge_request__merged")

    def check_one_merge(self, *names):
        for name in names:
            self.send(name)
        assert [e.body for e in Entry.objects.alive()] == ["Merged “Oil the mill” (!7)"]

    def test_pushes_to_other_branches_count_for_who_asks_for_them(self):
        self.check_ignored("ignored__push__to_a_branch", "filtered_rule")
        [event] = self.read("ignored__push__to_a_branch", config={"places": ["wheel"]})
        assert isinstance(event, Growing)

    def test_a_push_that_brings_no_work_says_why(self):
        for name, why in (("that_deletes", "deletes"), ("of_a_merge_alone", "no new work")):
            [event] = self.draft_of(f"ignored__push__{name}")
            assert why in event.why

    def test_a_release_is_of_who_made_the_link_since_gitlab_names_nobody(self):
        entry = self.check_hook("release__created", "Released v1.2 of analytical/engine")
        assert entry.user == self.link.user

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

    def test_a_failed_pipeline_of_another_branch_makes_none(self):
        changed = self.thing("ignored__pipeline__failed", ref="wheel")
        [event] = self.read(
            "ignored__pipeline__failed", config={"pipelines": True}, object_attributes=changed
        )
        assert event.reason == Reason.FILTERED and event.draft

    def test_the_account_of_an_access_token_is_a_bot(self):
        for login in ("project_42_bot_4ffca233d8298ea1", "group_7_bot", "service_account_x1"):
            [event] = self.read("push__two_commits", user_username=login)
            assert event.reason == Reason.BOT

    def test_on_a_server_of_ones_own_people_and_things_have_its_name_before_them(self):
        project = {"id": 42, "web_url": "https://git.example.org/analytical/engine"}
        [draft] = self.read("merge_request__merged", project=project)
        assert draft.actor.uid == "git.example.org/1815"
        assert draft.key == "merge_request:git.example.org/700"

    def test_no_address_is_vouched_for_and_a_redacted_one_is_none(self):
        [event] = self.read("issue__closed", assignees=[])
        assert (event.actor.email, event.actor.vouched) == ("grace@example.org", False)
        [event] = self.draft_of("issue__closed")
        assert event.actor.email == ""

    def test_what_nobody_is_named_for_is_not_that_of_who_made_the_link(self):
        [event] = self.read("issue__closed", assignees=[], user=None)
        assert event.reason == Reason.NO_PERSON

    def test_it_takes_the_secret_as_a_token_but_never_in_place_of_a_wrong_signature(self):
        token = {"X-Gitlab-Token": str(self.link.signing_secret)}
        forged = {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
        body = self.fixture("issue__closed")
        assert self.post_hook(body, headers=token | forged, signed=False).status_code == 401
        assert not Entry.objects.exists()
        assert self.post_hook(body, headers=token, signed=False).status_code == 200
        assert Entry.objects.count() == 1

    def test_the_secret_of_a_link_is_one_that_gitlab_takes_as_a_signing_token(self):
        assert self.integration.new_secret().startswith("whsec_")

    def test_a_hook_that_is_tried_again_is_one_delivery(self):
        hook = Hook(b"{}", {"idempotency-key": "once"})
        assert self.integration.delivery_key(hook) == "once"

    def test_other_events_say_why_they_make_none(self):
        self.check_ignored("ignored__note__made", "unsupported_event")
        assert "note" in self.last_receipt().why

    def test_every_entry_says_when_it_was_done(self):
        for name in ("merge_request__merged", "issue__closed", "push__two_commits"):
            [draft] = self.draft_of(name)
            assert isinstance(draft, Draft) and draft.occurred_at.isoformat() == AT
