from __future__ import annotations

import json

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.models import Receipt
from idonethis.integrations.testing import HookTestCase


class GoogleChatTest(HookTestCase):
    ada_uid = "users/1815"
    grace_uid = "users/1906"

    def answer(self, name):
        return json.loads(self.send(name).content)

    def test_a_mention_in_a_space_logs_a_done_and_is_answered_with_a_receipt(self):
        said = self.answer("mention__done")["text"]
        self.assertIn("Analytical Engines", said)
        self.assertIn("Done: shipped billing #api", said)
        self.assertEqual(Entry.objects.get().body, "shipped billing #api")

    def test_each_of_its_lines_is_an_entry(self):
        self.send("mention__several_lines")
        self.assertEqual(
            list(Entry.objects.order_by("pk").values_list("kind", "body")),
            [("done", "shipped billing"), ("goal", "write docs"),
             ("blocked", "waiting for <DNS>")],
        )  # fmt: skip

    def test_a_command_means_its_kind(self):
        self.check_hook("command__goal", "write the docs", kind="goal", user=self.grace)

    def test_a_command_may_be_called_otherwise_where_the_word_is_taken(self):
        body = self.fixture("command__goal").replace(b"/goal", b"/our-goal")
        self.post_hook(body)
        self.assertEqual(Entry.objects.get().kind, "goal")

    def test_a_direct_message_needs_no_mention(self):
        self.check_hook("direct__blocked", "waiting for DNS", kind="blocked")

    def test_what_is_said_while_it_is_added_is_logged_too(self):
        self.check_hook("added__with_a_mention", "found the moth", user=self.grace)

    def test_whoever_adds_it_is_told_what_can_be_said(self):
        for name in ("ignored__added__to_a_space", "ignored__added__in_a_direct_message"):
            with self.subTest(name):
                self.assertIn("done shipped billing", self.answer(name)["text"])
                self.assertEqual(self.last_receipt().outcome, Reason.UNSUPPORTED)
        self.assertFalse(Entry.objects.exists())

    def test_so_is_whoever_says_something_else_to_it(self):
        for name in ("ignored__mention__empty", "ignored__mention__of_other_words"):
            with self.subTest(name):
                self.assertIn("done shipped billing", self.answer(name)["text"])
                self.assertEqual(self.last_receipt().outcome, Reason.UNSUPPORTED)

    def test_whatever_else_happens_there_is_answered_with_nothing(self):
        for name in ("ignored__removed", "ignored__card"):
            with self.subTest(name):
                self.assertEqual(self.answer(name), {})

    def test_the_receipt_calls_nobody_and_leads_nowhere(self):
        lure = b"<https://evil.example|the log> <users/all> @all"
        body = self.fixture("mention__done").replace(b"shipped billing #api", lure)
        said = json.loads(self.post_hook(body).content)["text"]
        self.assertIn("<\u200bhttps://evil.example|the log> <\u200busers/all> @\u200ball", said)

    def test_who_said_it_is_known_by_a_number_and_the_address_is_no_more_than_a_hint(self):
        (draft,) = self.drafts("mention__done")
        actor = draft.actor
        self.assertEqual(
            (actor.uid, actor.name, actor.email, actor.vouched),
            ("users/1815", "Ada Lovelace", "ada@engines.example.org", False),
        )

    def test_it_is_logged_with_the_time_at_which_it_was_said(self):
        (draft,) = self.drafts("mention__done")
        self.assertEqual(f"{draft.occurred_at:%Y-%m-%d %H:%M}", "2026-11-24 09:30")

    def test_a_message_that_does_not_say_who_or_which_is_not_taken(self):
        for gone in ("user", "message"):
            body = json.loads(self.fixture("mention__done"))
            del body[gone]
            with self.subTest(gone):
                self.assertEqual(self.post_hook(json.dumps(body).encode()).status_code, 400)
        self.assertFalse(Receipt.objects.exists())
