from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Growing, Reason
from idonethis.partners.gitea.testing import GiteaTestCase


class GiteaPushes(GiteaTestCase):
    def test_a_push_grows_one_entry_with_its_commits_in_their_order(self):
        entry = self.check_hook(
            "push__two_commits", "Pushed 2 commits to main of analytical/engine"
        )
        texts = [detail.text for detail in entry.details]
        assert texts == ["Carry the tens", "Print the tables"]

    def test_the_push_of_a_merge_is_part_of_what_was_merged(self):
        self.check_one_merge("pull_request__merged", "push__of_the_merge")

    def test_the_push_of_a_merge_is_part_of_it_even_if_it_comes_first(self):
        self.check_one_merge("push__of_the_merge", "pull_request__merged")

    def check_one_merge(self, *names):
        for name in names:
            self.send(name)
        assert [e.body for e in Entry.objects.alive()] == ["Merged “Oil the mill” (#7)"]

    def test_pushes_to_other_branches_count_for_who_asks_for_them(self):
        self.check_ignored("ignored__push__to_a_branch", "filtered_rule")
        [event] = self.read("ignored__push__to_a_branch", config={"places": ["wheel"]})
        assert isinstance(event, Growing)

    def test_actions_are_bots_and_so_are_their_commits(self):
        for login in ("gitea-actions", "forgejo-actions", "renovate[bot]"):
            [event] = self.read("push__two_commits", sender={"id": -2, "login": login})
            assert event.reason == Reason.BOT
        commits = orjson.loads(self.fixture("push__two_commits"))["commits"]
        commits[0]["author"]["username"] = "forgejo-actions"
        kept, left_out = self.read("push__two_commits", commits=commits)
        assert [detail.text for detail in kept.details] == ["Carry the tens"]
        assert left_out.reason == Reason.BOT

    def test_a_pull_request_has_its_branch_and_its_labels(self):
        [draft] = self.draft_of("pull_request__merged")
        assert (draft.place, draft.labels) == ("main", ("maintenance",))

    def test_a_commit_is_known_again_when_it_is_written_anew(self):
        commits = orjson.loads(self.fixture("push__two_commits"))["commits"]
        [event] = self.read("push__two_commits", commits=[*commits, {**commits[0], "id": "9" * 40}])
        again, _, first = event.details
        assert first.alike == again.alike != "" and first.key != again.key

    def test_commits_that_begin_with_the_oldest_stay_in_their_order(self):
        commits = orjson.loads(self.fixture("push__two_commits"))["commits"][::-1]
        [event] = self.read("push__two_commits", commits=commits)
        assert [detail.text for detail in event.details] == ["Carry the tens", "Print the tables"]

    def test_an_old_server_names_who_pushes_by_login_or_as_the_pusher_alone(self):
        pusher = {"id": None, "login": None, "username": "ada"}
        [event] = self.read("push__two_commits", sender=None, pusher=pusher)
        assert event.actor.uid == "git.example.org/ada"

    def test_a_commit_by_a_bot_of_another_server_is_one_by_its_name(self):
        commits = orjson.loads(self.fixture("push__two_commits"))["commits"]
        for author in ({"name": "renovate[bot]"}, {"username": "renovate[bot]"}):
            commits[0]["author"] = author
            kept, _ = self.read("push__two_commits", commits=commits)
            assert len(kept.details) == 1
