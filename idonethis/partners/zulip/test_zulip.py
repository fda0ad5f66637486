from __future__ import annotations

import json

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.testing import HookTestCase


class ZulipTest(HookTestCase):
    ada_uid = "engines/1815"
    grace_uid = "engines/1906"

    def test_a_mention_logs_a_done(self):
        self.check_hook("mention__done", "shipped billing #api")

    def test_the_mention_may_stand_anywhere_and_have_a_number(self):
        self.check_hook("mention__with_its_number", "found the moth", user=self.grace)

    def test_a_direct_message_logs_each_of_its_lines(self):
        self.send("direct__several_lines")
        self.assertEqual(
            list(Entry.objects.order_by("pk").values_list("kind", "body")),
            [("done", "shipped billing"), ("goal", "write docs"),
             ("blocked", "waiting for <DNS>")],
        )  # fmt: skip

    def test_also_from_a_server_that_calls_it_private(self):
        self.check_hook("direct__of_an_old_server", "write the docs", kind="goal")

    def test_the_answer_calls_nobody(self):
        body = self.fixture("mention__done").replace(b"#api", b"@**all** #**done**")
        said = json.loads(self.post_hook(body).content)["content"]
        self.assertIn("@\u200b\\*\\*all\\*\\* \\#\\*\\*done\\*\\*", said)

    def test_whatever_else_is_said_to_it_is_answered_with_what_can_be_said(self):
        for name in ("ignored__mention__empty", "ignored__mention__of_other_words"):
            with self.subTest(name):
                answer = json.loads(self.send(name).content)
                self.assertIn("done shipped billing", answer["content"])
                self.assertEqual(self.last_receipt().outcome, Reason.UNSUPPORTED)

    def test_a_person_is_known_by_name_and_a_mail_address_that_is_no_more_than_a_hint(self):
        (draft,) = self.drafts("mention__done")
        actor = draft.actor
        self.assertEqual(
            (actor.uid, actor.name, actor.email, actor.vouched),
            ("engines/1815", "Ada Lovelace", "ada@engines.example.org", False),
        )
