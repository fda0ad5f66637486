from __future__ import annotations

import json

from idonethis.entries.models import Entry
from idonethis.integrations.base import Hook, Secret
from idonethis.integrations.testing import HookTestCase


class TeamsTest(HookTestCase):
    ada_uid = "a1815000-0000-4000-8000-000000001815"
    grace_uid = "a1906000-0000-4000-8000-000000001906"

    def test_a_mention_logs_a_done(self):
        entry = self.check_hook("message__done", "shipped billing #api")
        self.assertEqual(str(entry.occurred_on), "2025-11-24")

    def test_of_somebody_else_it_is_theirs(self):
        self.check_hook("message__goal", "write the docs", kind="goal", user=self.grace)

    def test_lines_and_signs_are_read_as_people_see_them(self):
        self.send("message__several_lines")
        self.assertEqual(
            list(Entry.objects.order_by("pk").values_list("kind", "body")),
            [("done", "shipped billing"), ("goal", "write docs"),
             ("blocked", "waiting for <DNS> & co")],
        )  # fmt: skip

    def test_the_answer_is_a_message_with_a_paragraph_for_each_line(self):
        answer = json.loads(self.send("message__done").content)
        self.assertEqual(answer["type"], "message")
        self.assertIn("\n\nDone: shipped billing \\#api\n\n", answer["text"])

    def test_a_mention_alone_is_answered_with_what_can_be_said(self):
        answer = json.loads(self.send("ignored__message__empty").content)
        self.assertIn("done shipped billing", answer["text"])

    def test_the_key_is_what_the_token_means_as_base64(self):
        """The digest was made with openssl."""
        secret = Secret("dG9rZW4xODM0")
        signed = self.integration.signature.sign(Hook(b'{"text": "x"}'), secret)
        self.assertEqual(
            signed, {"authorization": "HMAC tjEcb7bUiKDlHD13kwwZOxKLZB+cjXDeHC++DpV7tLc="}
        )
