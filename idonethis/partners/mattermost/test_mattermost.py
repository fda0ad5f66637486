from __future__ import annotations

import json

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.models import Receipt
from idonethis.integrations.testing import HookTestCase


class MattermostTest(HookTestCase):
    ada_uid = "ada1815ada1815ada1815ada18"
    grace_uid = "grace1906grace1906grace1906"

    def test_a_command_logs_a_done_and_answers_its_person_alone(self):
        answer = json.loads(self.send("command__done").content)
        today = self.ada.today()
        self.assertEqual(answer["response_type"], "ephemeral")
        self.assertEqual(
            answer["text"].splitlines(),
            [f"Analytical Engines · {today:%a} {today.day} {today:%b}",
             "Done: shipped billing \\#api", "http://testserver/t/analytical-engines"],
        )  # fmt: skip
        self.assertEqual(Entry.objects.get().body, "shipped billing #api")

    def test_a_command_of_another_name_is_followed_by_the_word(self):
        self.check_hook("command__log_goal", "write the docs", kind="goal")

    def test_each_line_is_an_entry(self):
        self.send("command__several_lines")
        self.assertEqual(
            list(Entry.objects.order_by("pk").values_list("kind", "body")),
            [("done", "shipped billing"), ("goal", "write docs"),
             ("blocked", "waiting for <DNS>")],
        )  # fmt: skip

    def test_a_message_in_a_channel_is_answered_in_its_thread(self):
        answer = json.loads(self.send("message__done").content)
        self.assertEqual(answer["response_type"], "comment")
        self.assertIn("Done: found the moth", answer["text"])
        entry = Entry.objects.get()
        self.assertEqual((entry.user, entry.body), (self.grace, "found the moth"))

    def test_a_message_comes_as_a_form_where_the_webhook_says_so(self):
        self.check_hook("message__blocked", "waiting for DNS", kind="blocked")

    def test_a_command_alone_and_one_that_asks_are_answered_with_what_can_be_said(self):
        for name in ("ignored__command__empty", "ignored__command__help"):
            with self.subTest(name):
                answer = json.loads(self.send(name).content)
                self.assertIn("done shipped billing", answer["text"])
                self.assertEqual(self.last_receipt().outcome, Reason.UNSUPPORTED)
        self.assertFalse(Entry.objects.exists())

    def test_what_is_for_others_is_neither_logged_nor_answered(self):
        self.assertEqual(self.send("ignored__message__for_others").content, b"")
        self.assertFalse(Entry.objects.exists())

    def test_the_token_counts_in_the_header_and_in_the_body(self):
        body = self.fixture("message__done").replace(
            b"token1834token1834token1834", self.link.signing_secret.encode()
        )
        self.assertEqual(self.post_hook(body, signed=False).status_code, 200)
        self.assertEqual(
            self.post_hook(self.fixture("message__done"), signed=False).status_code, 401
        )

    def test_a_wrong_token_in_the_header_is_not_mended_by_one_in_the_body(self):
        body = self.fixture("message__done").replace(
            b"token1834token1834token1834", self.link.signing_secret.encode()
        )
        headers = {"authorization": "Token guessed"}
        self.assertEqual(self.post_hook(body, headers=headers, signed=False).status_code, 401)

    def test_the_token_is_not_stored_with_the_hook(self):
        self.send("command__done")
        self.send("message__done")
        for receipt in Receipt.objects.all():
            self.assertNotIn("token", receipt.hook.body.decode())
            self.assertNotIn("authorization", receipt.hook.headers)

    def test_nothing_in_an_answer_calls_anybody(self):
        body = self.fixture("message__done").replace(b"found the moth", b"found @all <b> | [x](y)")
        said = json.loads(self.post_hook(body).content)["text"]
        self.assertIn("Done: found @\u200ball \\<b\\> \\| \\[x\\]\\(y\\)", said)
