from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Growing, Reason
from idonethis.partners.gitlab.testing import GitLabTestCase


class GitLabPushes(GitLabTestCase):
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

    def test_a_failed_pipeline_of_another_branch_makes_none(self):
        changed = self.thing("ignored__pipeline__failed", ref="wheel")
        [event] = self.read(
            "ignored__pipeline__failed", config={"pipelines": True}, object_attributes=changed
        )
        assert event.reason == Reason.FILTERED and event.draft

    def test_what_is_fast_forwarded_stands_for_its_last_commit(self):
        [draft] = self.draft_of("merge_request__merged")
        assert draft.stands_for == (f"commit:{'a1' * 20}",)
        changed = self.thing("merge_request__merged", merge_commit_sha=None)
        [draft] = self.read("merge_request__merged", object_attributes=changed)
        assert draft.stands_for == (f"commit:{'b2' * 20}",)

    def test_a_commit_is_told_with_its_page_and_known_again_when_it_is_written_anew(self):
        commits = orjson.loads(self.fixture("push__two_commits"))["commits"]
        [event] = self.read("push__two_commits", commits=[*commits, {**commits[0], "id": "9" * 40}])
        first, _, again = event.details
        assert first.url == commits[0]["url"]
        assert first.alike == again.alike != "" and first.key != again.key

    def test_commits_of_bots_are_left_out_whoever_pushes_them(self):
        commits = orjson.loads(self.fixture("push__two_commits"))["commits"]
        commits[0]["author"]["email"] = "project_42_bot@noreply.gitlab.com"
        kept, left_out = self.read("push__two_commits", commits=commits)
        assert [detail.text for detail in kept.details] == ["Print the tables"]
        assert left_out.reason == Reason.BOT

    def test_a_new_branch_leads_to_its_last_commit(self):
        [event] = self.read("push__two_commits", before="0" * 40)
        assert event.url == f"https://gitlab.com/analytical/engine/-/commit/{'12' * 20}"

    def test_a_pipeline_of_a_tag_makes_none_even_if_it_is_called_as_the_branch(self):
        changed = self.thing("ignored__pipeline__failed", tag=True)
        [event] = self.read(
            "ignored__pipeline__failed", config={"pipelines": True}, object_attributes=changed
        )
        assert event.reason == Reason.FILTERED
