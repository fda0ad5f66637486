from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.partners.github.testing import GitHubTestCase, account, commits

TWELVE = [f"Turn the handle, part {part}" for part in range(12)]
MERGE = "Merge pull request #1 from analytical/roof\n\nFix the roof"
SQUASH = "\n\n".join(["Fix the roof (#1)", *(f"* {message}" for message in TWELVE)])
PUSH = "push__three_commits"


class OneEntryForOnePieceOfWork(GitHubTestCase):
    def pull_request(self) -> None:
        self.send_changed("pull_request__merged", pull_request={"merge_commit_sha": "e" * 40})

    def push_of(self, *messages: str, **changes) -> None:
        """The head of the push is the commit that GitHub calls the pull request's merge."""
        pushed = commits(*messages)
        pushed[-1]["id"] = "e" * 40
        changes = {"commits": pushed, "after": "e" * 40, "sender": account("grace", 1906)} | changes
        self.send_changed(PUSH, **changes)

    def check_twelve_details(self, push: Callable[[], None]) -> None:
        for events in permutations((self.pull_request, push)):
            Entry.objects.all().delete()
            for event in events:
                event()
            with self.subTest(first=events[0]):
                entry = self.the_entry()
                self.assertEqual((entry.body, entry.user), ("Merged “Fix the roof” (#1)", self.ada))
                self.assertCountEqual([detail.text for detail in entry.details], TWELVE)

    def test_a_squash_stands_for_the_twelve_commits_of_its_branch_in_either_order(self):
        branch = {"ref": "refs/heads/roof"}
        self.send_changed(PUSH, **branch, commits=commits(*TWELVE))
        self.send_changed(PUSH, **branch, commits=commits(*reversed(TWELVE)), forced=True)
        self.check_twelve_details(lambda: self.push_of(SQUASH))

    def test_a_merge_commit_stands_for_all_that_came_with_it_in_either_order(self):
        self.check_twelve_details(lambda: self.push_of(*TWELVE, MERGE))

    def test_a_rebased_merge_stands_for_all_that_came_with_it_in_either_order(self):
        self.check_twelve_details(lambda: self.push_of(*TWELVE))

    def test_a_list_in_the_message_of_a_commit_is_still_one_commit(self):
        listed = ("Oil the mill\n\n* the wheels\n\n* the axles", "Sweep (#9)\n\n* here\n* there")
        self.send_changed(PUSH, commits=commits(*listed))
        self.assertEqual(self.the_entry().body, "Pushed 2 commits to main of analytical/engine")

    def test_a_merge_takes_nothing_else_from_what_was_pushed_that_day(self):
        self.send_changed(PUSH, sender=account("grace", 1906))
        self.push_of(*TWELVE, MERGE)
        self.pull_request()
        bodies = Entry.objects.alive().values_list("body", flat=True)
        pushed = "Pushed 3 commits to main of analytical/engine"
        self.assertEqual(set(bodies), {"Merged “Fix the roof” (#1)", pushed})

    def test_pushes_of_one_day_grow_one_entry(self):
        self.send(PUSH)
        self.send_changed(PUSH, commits=commits("Polish the brass"), after="f" * 40)
        self.assertEqual(self.the_entry().body, "Pushed 4 commits to main of analytical/engine")

    def test_pushes_of_two_days_are_two_entries(self):
        self.send(PUSH)
        later = {"head_commit": {"timestamp": "2025-06-12T09:00:00+02:00"}, "after": "f" * 40}
        self.send_changed(PUSH, commits=commits("Polish the brass"), **later)
        self.assertEqual(Entry.objects.alive().count(), 2)

    def test_a_forced_push_of_known_work_adds_nothing(self):
        self.send(PUSH)
        self.send("push__forced")
        self.assertEqual(self.the_entry().body, "Pushed 3 commits to main of analytical/engine")
        self.assertEqual(self.ended(), Reason.DUPLICATE)

    def test_thirty_two_remarks_are_one_review(self):
        for remark in range(32):
            self.send_changed("pull_request_review__submitted", review={"id": remark})
        self.assertEqual(self.the_entry().body, "Reviewed “Mend the roof” (#1)")


class TheSameEventAgain(GitHubTestCase):
    def test_a_redelivery_and_the_same_event_under_another_guid_add_nothing(self):
        headers = self.headers_for("pull_request__merged")
        for guid in ("one", "one", "two"):
            self.post_hook(
                self.fixture("pull_request__merged"), headers=headers | {"x-github-delivery": guid}
            )
        self.assertEqual(self.count_receipts(), 2)
        self.assertEqual(Entry.objects.count(), 1)

    def test_a_new_title_changes_the_entry(self):
        self.send("pull_request__merged")
        self.send("pull_request__retitled")
        self.assertEqual(self.the_entry().body, "Merged “Mend the roof” (#1)")

    def test_a_new_title_that_overtakes_the_merge_is_kept_for_it(self):
        self.send("pull_request__retitled")
        self.send("pull_request__merged")
        self.assertEqual(self.the_entry().body, "Merged “Mend the roof” (#1)")

    def test_a_new_title_leaves_alone_what_a_person_wrote(self):
        self.send("pull_request__merged")
        self.the_entry().edit(kind="done", body="The roof is dry at last")
        self.send("pull_request__retitled")
        self.assertEqual(self.the_entry().body, "The roof is dry at last")

    def test_a_new_description_changes_nothing(self):
        self.send("pull_request__merged")
        body = self.body("pull_request__retitled") | {"changes": {"body": {"from": "Old"}}}
        self.post_json(body, "pull_request__retitled")
        self.assertEqual(self.the_entry().body, "Merged “Fix the roof” (#1)")

    def test_a_reopened_issue_takes_its_done_back_and_a_second_close_brings_it_again(self):
        self.send("issues__completed")
        self.send("issues__reopened")
        self.assertFalse(Entry.objects.alive().exists())
        self.assertEqual(self.ended(), Reason.RETRACTED)
        self.send_changed("issues__completed", issue={"updated_at": "2025-06-12T08:00:00Z"})
        self.assertEqual(self.the_entry().body, "Closed “Leak in the mill” (#3)")

    def test_what_a_person_deleted_stays_deleted(self):
        self.send("pull_request__merged")
        self.the_entry().delete_softly(by=self.ada)
        self.send("pull_request__merged")
        self.assertEqual(self.ended(), Reason.STAYS_DELETED)

    def test_a_renamed_repository_brings_nothing_twice(self):
        self.send("pull_request__merged")
        renamed = {"full_name": "analytical/mill", "name": "mill"}
        self.send_changed("pull_request__merged", repository=renamed)
        self.assertEqual(Entry.objects.count(), 1)
