from __future__ import annotations

import dataclasses
from uuid import uuid4

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Ignored, Reason
from idonethis.integrations.models import Receipt
from idonethis.integrations.testing import HookTestCase


class GitHubTest(HookTestCase):
    def headers_for(self, name: str) -> dict[str, str]:
        event = name.removeprefix("ignored__").partition("__")[0]
        for known in ("pull_request_review", "pull_request", "push", "issues", "star"):
            if event.startswith(known):
                event = known
                break
        return {"x-github-event": event, "x-github-delivery": str(uuid4())}

    def the_entry(self) -> Entry:
        return Entry.objects.alive().get()

    def change(self, name: str, **changes) -> bytes:
        return orjson.dumps(orjson.loads(self.fixture(name)) | changes)

    # What becomes an entry

    def test_a_push_to_the_default_branch_is_one_entry_with_its_commits(self):
        entry = self.check_hook(
            "push__three_commits", "Pushed 3 commits to main of analytical/engine"
        )
        self.assertEqual(
            [detail.text for detail in entry.details],
            ["Carry the tens without losing any", "Oil the mill", "Print the Bernoulli numbers"],
        )

    def test_a_merged_pull_request_is_its_authors_done_whoever_merged_it(self):
        entry = self.check_hook("pull_request__merged", "Merged “Fix the roof” (#1)")
        self.assertEqual(entry.url, "https://github.com/analytical/engine/pull/1")

    def test_an_issue_closed_as_completed_is_a_done(self):
        self.check_hook("issues__completed", "Closed “Leak in the mill” (#3)")

    def test_a_review_is_the_reviewers_done(self):
        body = "Reviewed “Mend the roof” (#1)"
        self.check_hook("pull_request_review__submitted", body, user=self.grace)

    def test_a_release_is_a_done(self):
        self.check_hook("release__published", "Released v1.2 of analytical/engine")

    def test_what_makes_no_entry_says_why(self):
        for path in sorted((self.folder / "fixtures").glob("ignored__*.json")):
            with self.subTest(path.stem):
                events = self.draft_of(path.stem)
                self.assertEqual([type(event) for event in events], [Ignored])
                self.assertTrue(events[0].why)

    def test_a_ping_is_answered_and_kept_as_a_ping(self):
        self.check_ignored("ignored__ping", Reason.PING)

    def test_a_link_logs_only_the_events_it_was_asked_for(self):
        self.link.config = {"events": ["issues"]}
        self.link.save()
        self.check_ignored("pull_request__merged", Reason.FILTERED)

    def test_bots_are_left_out_unless_the_link_says_otherwise(self):
        self.check_ignored("ignored__push_by_a_bot", Reason.BOT)
        self.assertEqual(len(self.drafts("ignored__push_by_a_bot", bots=True)), 1)

    # Once, in any order

    def test_a_redelivery_and_the_same_event_under_another_guid_add_nothing(self):
        headers = self.headers_for("pull_request__merged")
        for guid in ("one", "one", "two"):
            self.post_hook(
                self.fixture("pull_request__merged"), headers=headers | {"x-github-delivery": guid}
            )
        self.assertEqual(Receipt.objects.count(), 2)
        self.assertEqual(Entry.objects.count(), 1)

    def test_a_merge_absorbs_its_push_in_either_order(self):
        for first, second in (
            ("pull_request__merged", "push__of_the_merge"),
            ("push__of_the_merge", "pull_request__merged"),
        ):
            with self.subTest(first=first):
                Entry.objects.all().delete()
                self.send(first)
                self.send(second)
                entry = self.the_entry()
                self.assertEqual(entry.body, "Merged “Fix the roof” (#1)")
                self.assertEqual(entry.user, self.ada)
                self.assertEqual(entry.details.count(), 1)

    def test_pushes_of_one_day_grow_one_entry(self):
        self.send("push__three_commits")
        more = orjson.loads(self.fixture("push__three_commits"))
        more["commits"] = [more["commits"][0] | {"id": "f" * 40, "message": "Polish the brass"}]
        self.post_hook(orjson.dumps(more), headers=self.headers_for("push__three_commits"))
        self.assertEqual(self.the_entry().body, "Pushed 4 commits to main of analytical/engine")

    def test_a_forced_push_of_known_work_adds_nothing(self):
        self.send("push__three_commits")
        self.send("push__forced")
        self.assertEqual(self.the_entry().body, "Pushed 3 commits to main of analytical/engine")
        self.assertEqual(self.last_receipt().outcome, Reason.DUPLICATE)

    def test_a_new_title_changes_the_entry(self):
        self.send("pull_request__merged")
        self.send("pull_request__retitled")
        self.assertEqual(self.the_entry().body, "Merged “Mend the roof” (#1)")

    def test_a_new_title_leaves_alone_what_a_person_wrote(self):
        self.send("pull_request__merged")
        self.the_entry().edit(kind="done", body="The roof is dry at last")
        self.send("pull_request__retitled")
        self.assertEqual(self.the_entry().body, "The roof is dry at last")

    def test_a_reopened_issue_takes_its_done_back(self):
        self.send("issues__completed")
        self.send("issues__reopened")
        self.assertFalse(Entry.objects.alive().exists())
        self.assertEqual(self.last_receipt().outcome, Reason.RETRACTED)

    # Who

    def test_a_forged_author_logs_nothing_in_anothers_name(self):
        forged = orjson.loads(self.fixture("push__three_commits"))
        forged["sender"] = {"login": "mallory", "id": 6666, "type": "User"}
        self.post_hook(orjson.dumps(forged), headers=self.headers_for("push__three_commits"))
        self.assertFalse(Entry.objects.exists())
        self.assertEqual(self.last_receipt().outcome, Reason.NO_PERSON)

    def test_a_deleted_account_is_nobody_and_breaks_nothing(self):
        body = orjson.loads(self.fixture("pull_request__merged"))
        body["pull_request"]["user"] = None
        response = self.post_hook(
            orjson.dumps(body), headers=self.headers_for("pull_request__merged")
        )
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.last_receipt().state, "done")

    # Private repositories

    def test_of_a_private_repository_no_commit_message_leaves_without_leave(self):
        for how in ("title", "count"):
            said = str([dataclasses.asdict(d) for d in self.drafts("push__private", private=how)])
            self.assertNotIn("canary", said)
        self.assertIn("canary", str(self.drafts("push__private", private="full")))

    def test_count_hides_titles_names_and_addresses(self):
        (draft,) = self.drafts("pull_request__private", private="count")
        self.assertEqual(draft.body, "Merged a pull request in a private repository")
        self.assertNotIn("secret-plans", str(dataclasses.asdict(draft)))
        (titled,) = self.drafts("pull_request__private", private="title")
        self.assertEqual(titled.body, "Merged “The canary-7f3a plan” (#1)")

    # The link

    def test_an_empty_config_has_a_name_and_a_summary(self):
        self.link.config = {}
        self.assertEqual(self.link.short_name, "GitHub")
        self.assertLessEqual(len(self.link.summary), 80)

    def test_a_body_of_26_megabytes_is_over_the_limit(self):
        self.assertEqual(self.integration.body_limit, 25 * 1024 * 1024)
