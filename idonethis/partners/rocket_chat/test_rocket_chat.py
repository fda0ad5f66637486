from __future__ import annotations

import json

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.testing import HookTestCase


class RocketChatTest(HookTestCase):
    ada_uid = "rcAda1815"
    grace_uid = "rcGrace1906"

    def test_a_message_logs_a_done_on_the_day_on_which_it_was_written(self):
        entry = self.check_hook("message__done", "shipped billing #api")
        self.assertEqual(str(entry.occurred_on), "2025-11-24")

    def test_the_answer_is_text_that_calls_nobody(self):
        body = self.fixture("message__goal").replace(b"write the docs", b"write to @all")
        said = json.loads(self.post_hook(body).content)["text"]
        self.assertIn("Goal: write to @\u200ball", said)

    def test_an_edit_changes_the_entry(self):
        body = self.fixture("message__done").replace(b"billing", b"biling")
        self.post_hook(body)
        edited = json.loads(self.fixture("message__done")) | {"isEdited": True}
        self.post_hook(json.dumps(edited).encode())
        self.assertEqual(Entry.objects.get().body, "shipped billing #api")

    def test_an_edit_of_what_was_for_others_is_neither_logged_nor_answered(self):
        said = json.loads(self.fixture("ignored__message__for_others")) | {"isEdited": True}
        self.assertEqual(self.post_hook(json.dumps(said).encode()).content, b"")
        self.assertFalse(Entry.objects.exists())

    def test_a_word_alone_is_answered_with_what_can_be_said(self):
        answer = json.loads(self.send("ignored__message__empty").content)
        self.assertIn("done shipped billing", answer["text"])

    def test_what_integrations_say_is_not_logged(self):
        self.check_ignored("ignored__message__of_an_integration", Reason.UNSUPPORTED)
