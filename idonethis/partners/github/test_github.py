from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from idonethis.entries.models import Entry
from idonethis.integrations.base import Ignored, Reason
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.previewing import Preview
from idonethis.integrations.values import Hook
from idonethis.partners.github.testing import GitHubTestCase, account

NOT_MERGED = "A pull request makes an entry once it is merged; this event is “opened”."
WHY = {
    "issues__not_planned": "The issue was closed without being completed.",
    "ping": "GitHub tried the address.",
    "pull_request__closed": "The pull request was closed without being merged.",
    "pull_request__opened": NOT_MERGED,
    "push__by_a_bot": "dependabot[bot] is a bot.",
    "push__of_a_tag": "Only pushes to branches make entries, and this is a tag.",
    "push__that_deletes": "The push deletes a branch.",
    "push__to_a_branch": "Left out by the rule “on the default branch”.",
    "star__created": "GitHub's “star” never makes an entry.",
}


class WhatBecomesAnEntry(GitHubTestCase):
    def test_a_push_to_the_default_branch_is_one_entry_with_its_commits(self):
        entry = self.check_hook(
            "push__three_commits", "Pushed 3 commits to main of analytical/engine"
        )
        self.assertEqual(
            [detail.text for detail in entry.details],
            ["Carry the tens without losing any", "Oil the mill", "Print the Bernoulli numbers"],
        )
        self.assertIn("https://github.com/analytical/engine/compare/", entry.url)

    def test_a_merged_pull_request_is_its_authors_done_whoever_merged_it(self):
        entry = self.check_hook("pull_request__merged", "Merged “Fix the roof” (#1)")
        self.assertEqual(entry.url, "https://github.com/analytical/engine/pull/1")

    def test_an_issue_closed_as_completed_is_a_done(self):
        entry = self.check_hook("issues__completed", "Closed “Leak in the mill” (#3)")
        self.assertEqual(entry.url, "https://github.com/analytical/engine/issues/3")

    def test_a_review_is_the_reviewers_done(self):
        body = "Reviewed “Mend the roof” (#1)"
        self.check_hook("pull_request_review__submitted", body, user=self.grace)

    def test_a_release_is_a_done(self):
        self.check_hook("release__published", "Released v1.2 of analytical/engine")

    def test_an_entry_has_the_time_at_which_it_was_done(self):
        done_at = datetime(2025, 6, 11, 16, 20, 53, tzinfo=UTC)
        for name in ("push__three_commits", "pull_request__merged", "issues__completed",
                     "pull_request_review__submitted", "release__published"):  # fmt: skip
            with self.subTest(name):
                self.assertEqual([d.occurred_at for d in self.drafts(name)], [done_at])

    def test_a_time_at_the_edge_of_the_calendar_is_not_believed(self):
        self.ada.time_zone = "America/New_York"
        self.ada.save()
        at = {"merged_at": "0001-01-01T00:00:00Z", "closed_at": "9999-12-31T23:59:59Z"}
        self.send_changed("pull_request__merged", pull_request=at)
        self.assertEqual(self.the_entry().occurred_on, self.ada.today())

    def test_what_is_missing_is_left_out(self):
        bare = {"title": None, "number": None, "html_url": "javascript:alert(1)"}
        self.send_changed("pull_request__merged", pull_request=bare)
        self.assertEqual((self.the_entry().body, self.the_entry().url), ("Merged “untitled”", ""))


class WhatDoesNot(GitHubTestCase):
    def test_what_makes_no_entry_says_why(self):
        for path in sorted((self.folder / "fixtures").glob("ignored__*.json")):
            with self.subTest(path.stem):
                (event,) = self.draft_of(path.stem)
                self.assertIsInstance(event, Ignored)
                self.assertEqual(event.why, WHY[path.stem.removeprefix("ignored__")])

    def test_a_ping_is_answered_and_kept_as_a_ping(self):
        self.check_ignored("ignored__ping", Reason.PING)

    def test_a_link_logs_only_the_events_it_was_asked_for(self):
        self.configure(events=["issues"])
        self.check_ignored("pull_request__merged", Reason.FILTERED)

    def test_the_author_who_answers_a_review_has_reviewed_nothing(self):
        self.send_changed("pull_request_review__submitted", review={"user": account("ada", 1815)})
        self.assertEqual(self.ended(), Reason.FILTERED)

    def test_a_push_of_merges_alone_is_no_work_of_its_own(self):
        merge = [{"id": "a" * 40, "message": "Merge branch 'main' into mill"}]
        self.send_changed("push__three_commits", commits=merge)
        self.assertEqual(self.ended(), Reason.FILTERED)
        self.assertFalse(Entry.objects.exists())

    def test_a_push_of_more_commits_than_github_sends_is_cut(self):
        many = [{"id": f"{n:040x}", "message": f"Carry {n}"} for n in range(2_100)]
        self.send_changed("push__three_commits", commits=many, head_commit=many[-1])
        self.assertIn("2048 commits", Entry.objects.get().body)

    def test_a_push_without_commits_makes_nothing(self):
        self.send_changed("push__three_commits", commits=[], head_commit=None)
        self.assertEqual(self.last_receipt().why, "The push brings no new commits.")


class HowItArrives(GitHubTestCase):
    def test_a_receipt_names_the_event_with_its_action(self):
        self.send("pull_request__merged")
        self.assertEqual(self.last_receipt().event, "pull_request.closed")

    def test_an_unsigned_hook_is_refused(self):
        response = self.post_hook(self.fixture("pull_request__merged"), signed=False)
        self.assertEqual(response.status_code, 401)

    def test_the_signature_is_the_one_that_github_documents(self):
        # https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
        digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        hook = Hook(b"Hello, World!", {"x-hub-signature-256": f"sha256={digest}"})
        self.integration.signature.check(hook, ["It's a Secret to Everybody"])

    def test_a_webhook_added_by_hand_may_send_forms_as_github_proposes(self):
        form = urlencode({"payload": self.fixture("issues__completed").decode()}).encode()
        headers = self.headers_for("issues__completed")
        self.post_hook(
            form, headers=headers | {"content-type": "application/x-www-form-urlencoded"}
        )
        self.assertEqual(self.the_entry().body, "Closed “Leak in the mill” (#3)")

    def test_a_body_may_have_25_megabytes_and_no_more(self):
        for megabytes, status in ((25, 200), (26, 413)):
            body = b'"%b"' % (b"x" * (megabytes * 1024 * 1024 - 2))
            hook = Hook(body, self.headers_for("ignored__star__created"))
            facts = Preview(self.integration, hook, PlainLink()).facts()
            self.assertEqual(facts["response"]["status"], status)

    def test_a_body_that_is_no_object_ends_as_unreadable(self):
        self.post_hook(b"[]", headers=self.headers_for("push__three_commits"))
        self.assertEqual(self.ended(), Reason.UNREADABLE)
