from __future__ import annotations

import json

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.models import Receipt
from idonethis.integrations.testing import HookTestCase


class DiscordTest(HookTestCase):
    ada_uid = "181512101815"
    grace_uid = "190612091906"

    def test_a_command_logs_a_done_and_answers_its_person_alone(self):
        answer = json.loads(self.send("command__done").content)
        self.assertEqual((answer["type"], answer["data"]["flags"]), (4, 64 | 4))
        self.assertEqual(answer["data"]["allowed_mentions"], {"parse": []})
        self.assertIn("Done: shipped billing \\#api", answer["data"]["content"])
        self.assertEqual(Entry.objects.get().body, "shipped billing #api")

    def test_each_command_logs_its_kind(self):
        self.check_hook("command__goal", "write the docs", kind="goal", user=self.grace)

    def test_in_a_direct_message_it_is_a_user_and_no_member(self):
        self.check_hook("command__in_a_direct_message", "waiting for DNS", kind="blocked")

    def test_a_command_alone_is_answered_with_what_can_be_said(self):
        answer = json.loads(self.send("ignored__command__empty").content)
        self.assertIn("done shipped billing", answer["data"]["content"])

    def test_a_ping_is_answered_once_it_is_genuine_and_never_stored(self):
        ping = b'{"type": 1, "id": "1", "application_id": "184210"}'
        self.assertEqual(json.loads(self.post_hook(ping).content), {"type": 1})
        self.assertEqual(self.post_hook(ping, signed=False).status_code, 401)
        self.assertFalse(Receipt.objects.exists())

    def test_what_is_no_command_is_not_logged(self):
        self.check_ignored("ignored__button", Reason.UNSUPPORTED)

    def test_an_answer_stays_within_what_discord_shows(self):
        body = json.loads(self.fixture("command__done"))
        body["data"]["options"][0]["value"] = "\n".join(["x" * 400] * 20)
        answer = json.loads(self.post_hook(json.dumps(body).encode()).content)
        self.assertEqual(len(answer["data"]["content"]), 2000)
