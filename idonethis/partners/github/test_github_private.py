from __future__ import annotations

import dataclasses

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Ignored
from idonethis.partners.github.testing import GitHubTestCase

CANARY = "canary-7f3a"


def all_of(draft: Draft) -> str:
    return str(dataclasses.asdict(draft))


class PrivateRepositories(GitHubTestCase):
    def test_of_a_private_repository_no_commit_message_leaves_without_leave(self):
        for how in ("title", "count"):
            (draft,) = self.drafts("push__private", private=how)
            self.assertNotIn(CANARY, all_of(draft))
            self.assertEqual([detail.text for detail in draft.details], ["A commit"])
        (draft,) = self.drafts("push__private", private="full")
        self.assertIn(CANARY, all_of(draft))

    def test_titles_show_unless_told_otherwise(self):
        (draft,) = self.drafts("pull_request__private")
        self.assertEqual(draft.body, "Merged “The canary-7f3a plan” (#1)")

    def test_count_says_what_was_done_but_not_where_nor_what(self):
        private = {"repository": {"private": True, "full_name": f"analytical/{CANARY}"}}
        for name, body in (
            ("pull_request__private", "Merged a pull request in a private repository"),
            ("issues__completed", "Closed an issue in a private repository"),
            ("pull_request_review__submitted", "Reviewed a pull request in a private repository"),
            ("release__published", "Released a version of a private repository"),
            ("push__private", "Pushed {count} commit{s} to a private repository"),
        ):
            with self.subTest(name):
                (draft,) = self.read_changed(name, private="count", **private)
                self.assertEqual((draft.body, draft.url), (body, ""))
                self.assertNotIn(CANARY, all_of(draft))

    def test_an_entry_names_the_repository_it_came_from_only_where_names_may_show(self):
        self.link.subject = "analytical/engine"
        for private, label in (("title", "GitHub, analytical/engine"), ("count", "GitHub")):
            Entry.objects.all().delete()
            self.configure(private=private, repository="analytical/engine")
            self.send("pull_request__private")
            self.assertEqual(self.the_entry().origin_label, label)

    def test_a_new_title_stays_as_hidden_as_the_old_one(self):
        (words,) = self.read_changed(
            "pull_request__retitled", private="count", repository={"private": True}
        )
        self.assertEqual(words.body, "Merged a pull request in a private repository")

    def test_a_repository_that_does_not_say_what_it_is_counts_as_private(self):
        (draft,) = self.read_changed("push__private", repository={"private": None})
        self.assertNotIn(CANARY, all_of(draft))

    def test_not_even_the_reason_for_making_no_entry_names_a_branch(self):
        (event,) = self.read_changed("push__private", ref=f"refs/heads/{CANARY}")
        self.assertIsInstance(event, Ignored)
        self.assertNotIn(CANARY, event.why)
