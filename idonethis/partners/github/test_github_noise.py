"""What people do on GitHub in a day, as it arrives, in whatever order it arrives: one entry for one
piece of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from idonethis.entries.models import Entry, Source
from idonethis.integrations.base import Reason
from idonethis.integrations.models import Receipt, UnclaimedPerson
from idonethis.integrations.models.claiming import believe
from idonethis.partners.github.stories import Story
from idonethis.partners.github.testing import GitHubTestCase
from idonethis.simulators.tests.receiver import Received

pytestmark = pytest.mark.slow

TWELVE = [f"Turn the handle, part {part}" for part in range(12)]
ROOF = "Merged “Fix the roof” (#1)"
#: Whose entry, what it says, and how many details it has.
Log = list[tuple[str, str, int]]


class StoryTestCase(GitHubTestCase):
    story: Story

    @pytest.fixture(autouse=True)
    def _begin(self, story: Story) -> None:
        self.story = story

    def happens(self, action: str, actor: str = "ada", **values: Any) -> dict[str, Any]:
        return self.story.happens(action, actor, **values)

    def arrives(self, sent: Iterable[Received]) -> None:
        for each in sent:
            names = ("x-github-event", "x-github-delivery", "content-type")
            headers = {name: each.headers[name] for name in names}
            self.assertEqual(self.post_hook(each.body, headers=headers).status_code, 200)

    def log(self) -> Log:
        found = Entry.objects.alive().select_related("user").order_by("body")
        return [(each.user.first_name, each.body, each.details.count()) for each in found]

    def forget(self) -> None:
        for table in (Receipt, Entry, Source, UnclaimedPerson):
            table.objects.all().delete()

    def check(self, *expected: tuple[str, str, int]) -> None:
        """In every order the log is the same."""
        for number, order in enumerate(self.story.orders()):
            self.forget()
            self.arrives(order)
            with self.subTest(number, order=[each.event for each in order]):
                self.assertEqual(self.log(), sorted(expected, key=lambda row: row[1]))


class OnePieceOfWork(StoryTestCase):
    def a_branch_with_twelve_commits(self) -> None:
        self.happens("push", branch="roof", messages=TWELVE)
        self.happens("open_pull_request", title="Fix the roof", branch="roof", messages=TWELVE)

    def test_twelve_commits_a_rebase_and_a_squash_are_one_entry_with_twelve_details(self):
        self.a_branch_with_twelve_commits()
        self.happens("push", branch="roof", messages=TWELVE, force=True)
        self.happens("merge_pull_request", "grace", method="squash")
        self.check(("Ada", ROOF, 12))

    def test_a_rebased_merge_is_one_entry_with_twelve_details(self):
        self.a_branch_with_twelve_commits()
        self.happens("merge_pull_request", "grace", method="rebase")
        self.check(("Ada", ROOF, 12))

    def test_a_merge_commit_is_one_entry_with_twelve_details(self):
        self.a_branch_with_twelve_commits()
        self.happens("merge_pull_request", "grace", method="merge")
        self.check(("Ada", ROOF, 12))

    def test_a_merge_of_who_is_not_known_yet_ends_the_same(self):
        self.a_branch_with_twelve_commits()
        self.happens("merge_pull_request", "babbage", method="rebase")
        for order in self.story.orders():
            self.forget()
            self.arrives(order)
            self.assertEqual(self.log(), [("Ada", ROOF, 0)])
            known, _ = believe(UnclaimedPerson.objects.get(), self.grace, evidence="claimed")
            while Receipt.drain():
                pass
            self.assertEqual(self.log(), [("Ada", ROOF, 12)])
            known.delete()

    def test_a_pull_request_that_is_closed_and_not_merged_is_none(self):
        self.a_branch_with_twelve_commits()
        self.happens("close_pull_request")
        self.check()

    def test_a_new_title_and_a_merge_are_one(self):
        self.a_branch_with_twelve_commits()
        self.happens("retitle_pull_request", title="Mend the roof")
        self.happens("merge_pull_request", method="squash")
        self.check(("Ada", "Merged “Mend the roof” (#1)", 12))


class HistoryWrittenAnew(StoryTestCase):
    def test_a_forced_push_of_the_same_work_adds_nothing(self):
        self.happens("push", messages=TWELVE[:3])
        self.happens("push", messages=TWELVE[:3], force=True)
        self.check(("Ada", "Pushed 3 commits to main of analytical/engine", 3))

    def test_a_forced_push_with_one_commit_more_adds_that_one(self):
        self.happens("push", messages=TWELVE[:3])
        self.happens("push", messages=TWELVE[:4], force=True)
        self.check(("Ada", "Pushed 4 commits to main of analytical/engine", 4))

    def test_a_commit_that_is_picked_to_a_second_branch_counts_once(self):
        (sha,) = self.happens("push", messages=["Oil the mill"])["commits"]
        self.happens("cherry_pick", "grace", commit=sha, branch="release")
        self.happens("cherry_pick", "grace", commit=sha, branch="older-release", x=True)
        self.check(("Ada", "Pushed 1 commit to main of analytical/engine", 1))

    def test_a_commit_that_is_picked_and_says_so_is_the_one_that_is_merged_later(self):
        (sha,) = self.happens("push", branch="roof", messages=["Fix the leak"])["commits"]
        self.happens("cherry_pick", "grace", commit=sha, x=True)
        self.happens("push_known", branch="main", commits=[sha])
        self.check(("Ada", "Pushed 1 commit to main of analytical/engine", 1))

    def test_the_same_commit_on_two_branches_counts_once(self):
        (sha,) = self.happens("push", messages=["Oil the mill"])["commits"]
        self.happens("push_known", "grace", branch="release", commits=[sha])
        self.check(("Ada", "Pushed 1 commit to main of analytical/engine", 1))

    def test_a_branch_that_is_brought_to_the_default_one_counts_when_it_is_there(self):
        (sha,) = self.happens("push", branch="roof", messages=["Fix the leak"])["commits"]
        self.happens("push_known", branch="main", commits=[sha])
        self.happens("push_known", branch="main", commits=[sha])
        self.check(("Ada", "Pushed 1 commit to main of analytical/engine", 1))

    def test_a_revert_takes_nothing_away_and_is_work_of_its_own(self):
        self.happens("open_pull_request", title="Fix the roof", branch="roof")
        self.happens("merge_pull_request", method="merge")
        self.happens("revert_pull_request", "grace", number=1)
        self.happens("merge_pull_request", "grace", number=2, method="squash")
        reverted = ("Grace", 'Merged “Revert "Fix the roof"” (#2)', 1)
        self.check(("Ada", ROOF, 2), reverted)


class Talk(StoryTestCase):
    def test_thirty_two_remarks_in_as_many_reviews_are_one_review(self):
        self.happens("open_pull_request", title="Fix the roof")
        for _ in range(31):
            self.happens("submit_review", "grace", state="commented", remarks=1)
        self.happens("submit_review", "grace", state="approved", remarks=1)
        self.arrives(self.story.sent)
        reviewed = [("Grace", "Reviewed “Fix the roof” (#1)", 0)]
        self.assertEqual(self.log(), reviewed)
        self.forget()
        self.arrives(self.story.sent[::-1])
        self.assertEqual(self.log(), reviewed)

    def test_what_the_author_answers_is_no_review(self):
        self.happens("open_pull_request", title="Fix the roof")
        self.happens("submit_review", "grace", state="changes_requested")
        self.happens("submit_review", "ada", state="commented", remarks=1)
        self.check(("Grace", "Reviewed “Fix the roof” (#1)", 0))


class Bots(StoryTestCase):
    BUMP = "Bump cogs from 1 to 2"

    def a_week(self) -> None:
        methods = ("squash", "merge", "rebase", "squash", "merge", "rebase", "squash")
        for method in methods:
            self.happens("open_pull_request", "dependabot[bot]", title=self.BUMP, commits=1)
            self.happens("merge_pull_request", "grace", method=method)
            self.story.days_pass(1)

    def test_a_week_of_dependabot_makes_no_entry_and_is_counted_as_filtered(self):
        self.a_week()
        self.arrives(self.story.sent)
        self.assertEqual(self.log(), [])
        ends = Counter(Receipt.objects.values_list("event", "outcome"))
        self.assertEqual(ends["pull_request.closed", Reason.BOT], 7)
        self.assertEqual(ends["push", Reason.BOT], 7)
        self.assertFalse(UnclaimedPerson.objects.exists())

    def test_a_link_that_wants_bots_lists_them_once_and_one_press_ignores_them(self):
        self.configure(bots=True)
        self.happens("open_pull_request", "dependabot[bot]", title=self.BUMP, commits=1)
        self.happens("merge_pull_request", "dependabot[bot]", method="squash")
        self.arrives(self.story.sent)
        self.assertTrue(UnclaimedPerson.objects.get().looks_like_a_bot)


class Forged(StoryTestCase):
    """A commit names as its author whomever its writer pleases."""

    def test_who_pushes_is_who_pushed_whomever_the_commits_name(self):
        for author in ("ada", {"name": "Ada Lovelace", "email": "ada@example.org"}):
            self.happens("push", "mallory", author=author, messages=["Break the mill"])
        self.check()
        person = UnclaimedPerson.objects.get()
        self.assertEqual((person.key, person.login, person.email), ("6666", "mallory", ""))

    def test_a_pull_request_is_of_its_account_whomever_its_commits_name(self):
        self.happens("push", "grace", branch="roof", author="ada", messages=TWELVE)
        self.happens("open_pull_request", "grace", title="Fix the roof", branch="roof")
        self.happens("merge_pull_request", "mallory", method="squash")
        self.check(("Grace", ROOF, 0))
        self.assertEqual({each.login for each in UnclaimedPerson.objects.all()}, {"mallory"})
