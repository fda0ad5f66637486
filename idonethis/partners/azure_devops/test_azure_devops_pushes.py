from __future__ import annotations

from idonethis.entries.models import Entry
from idonethis.integrations.base import Growing, Reason
from idonethis.partners.azure_devops.testing import FINISHED, PUSH, AzureDevOpsTestCase


class AzureDevOpsPushes(AzureDevOpsTestCase):
    def test_a_push_grows_one_entry_with_its_commits_in_their_order(self):
        entry = self.check_hook(PUSH, "Pushed 2 commits to main of Analytical/engine")
        texts = [detail.text for detail in entry.details]
        assert texts == ["Carry the tens", "Print the tables"]

    def test_the_push_of_a_merge_is_part_of_what_was_merged(self):
        self.check_one_merge("git.pullrequest.merged__completed", "git.push__of_the_merge")

    def test_the_push_of_a_merge_is_part_of_it_even_if_it_comes_first(self):
        self.check_one_merge("git.push__of_the_merge", "git.pullrequest.merged__completed")

    def check_one_merge(self, *names):
        for name in names:
            self.send(name)
        assert [e.body for e in Entry.objects.alive()] == ["Merged “Oil the mill” (!7)"]

    def test_of_a_push_to_several_branches_the_default_one_counts(self):
        body = self.body("ignored__git.push__to_a_branch")
        main = self.body(PUSH)["resource"]["refUpdates"]
        body["resource"]["refUpdates"] += main
        [event] = self.read(body)
        assert isinstance(event, Growing) and event.place == "main"

    def test_pushes_to_other_branches_count_for_who_asks_for_them(self):
        name = "ignored__git.push__to_a_branch"
        self.check_ignored(name, "filtered_rule")
        [event] = self.read(self.body(name), places=["wheel"])
        assert isinstance(event, Growing)

    def test_a_link_logs_only_the_events_it_was_asked_for(self):
        [event] = self.read(self.body(FINISHED), events=["git.push", "git.pullrequest"])
        assert event.why == "This link does not log work items."

    def test_build_services_are_bots(self):
        body = self.body(PUSH)
        body["resource"]["pushedBy"]["descriptor"] = "svc.QnVpbGQ"
        [event] = self.read(body)
        assert event.reason == Reason.BOT

    def test_commits_that_begin_with_the_oldest_stay_in_their_order(self):
        body = self.body(PUSH)
        body["resource"]["commits"].reverse()
        [event] = self.read(body)
        assert [detail.text for detail in event.details] == ["Carry the tens", "Print the tables"]

    def test_a_commit_is_known_again_when_it_is_written_anew(self):
        body = self.body(PUSH)
        commits = body["resource"]["commits"]
        commits.append({**commits[0], "commitId": "9" * 40})
        [event] = self.read(body)
        again, _, first = event.details
        assert first.alike == again.alike != "" and first.key != again.key
