from __future__ import annotations

import json
from datetime import timedelta

from django.utils import timezone

from idonethis.integrations.base import Hook, Reason
from idonethis.integrations.models import directory_for
from idonethis.partners.slack.testing import FORM, GRACE, SlackTestCase, button


class UndoTest(SlackTestCase):
    def undo_button(self, text: str = "shipped billing"):
        return button(self.type(text), "Undo")

    def test_undo_takes_back_all_that_the_command_logged(self):
        self.press(self.undo_button("one\ntwo\nthree"))
        self.assertEqual(self.log(), [])
        self.assertEqual(self.last_receipt().outcome, Reason.RETRACTED)

    def test_also_where_slack_names_the_place_only_in_the_container(self):
        self.team.links.all().delete()
        other = type(self.team).objects.create(name="Another team")
        other.join(self.ada)
        self.make_link(team=other, subject="C0OTHER0001")
        self.make_link()
        self.press(self.undo_button(), channel=None)
        self.assertEqual(self.log(), [])

    def test_it_takes_back_nothing_else(self):
        self.type("something before")
        undo = self.undo_button()
        self.type("something after")
        self.press(undo)
        self.assertEqual([body for _, body in self.log()], ["something before", "something after"])

    def test_only_who_typed_it_can_undo_it(self):
        undo = self.undo_button()
        self.press(undo, by=GRACE)
        self.press(undo, by="U0MALLORY01")
        self.assertEqual(len(self.log()), 1)

    def test_nor_does_a_button_that_names_somebody_elses_key(self):
        undo = self.undo_button()
        mark = undo["value"].partition('"')[2]
        self.press(undo | {"value": f'["../{self.ada_uid}:{mark}'}, by=GRACE)
        self.assertEqual(len(self.log()), 1)

    def test_nor_does_another_button(self):
        self.press(self.undo_button() | {"action_id": "open_log"})
        self.assertEqual(len(self.log()), 1)

    def test_what_was_undone_by_mistake_can_be_typed_again_at_once(self):
        now = timezone.now()
        self.press(self.undo_button(), at=now + timedelta(seconds=2))
        self.assertEqual(self.log(), [])
        self.arrive(self.typed(text="shipped billing"), now + timedelta(seconds=5))
        self.assertEqual(self.log(), [("done", "shipped billing")])

    def test_undoing_a_command_that_was_sent_twice_takes_the_one_entry_back(self):
        self.type("shipped billing")
        self.press(self.undo_button())
        self.assertEqual(self.log(), [])

    def test_an_undo_that_is_read_before_its_command_still_wins(self):
        now, body = timezone.now(), self.typed()
        headers = FORM | {"x-slack-request-timestamp": str(int(now.timestamp()))}
        typed = Hook(body, headers)
        answer = self.slack.reply(typed, directory_for(self.slack, typed, 0))
        undo = button(json.loads(answer.body), "Undo")
        self.press(undo, at=now + timedelta(seconds=2))
        self.arrive(body, now)
        self.assertEqual(self.log(), [])

    def test_the_receipt_is_replaced_so_that_nobody_presses_twice(self):
        body = self.acted("ignored__block_actions__open_the_log")
        for reason, words in (
            (Reason.RETRACTED, "Undone."),
            (Reason.NOTHING_TO_CHANGE, "Nothing was left to undo"),
        ):
            note = self.note(body, reason)
            self.assertTrue(note["replace_original"])
            self.assertIn(words, note["text"])

    def test_an_undo_that_fails_leaves_the_button_and_says_why(self):
        body = self.acted("ignored__block_actions__open_the_log")
        note = self.note(body, Reason.LINK_PAUSED, "The link is paused.")
        self.assertEqual(note["text"], "Not undone. The link is paused.")
        self.assertNotIn("replace_original", note)

    def test_a_button_that_leads_somewhere_changes_nothing_and_says_nothing(self):
        self.check_ignored("ignored__block_actions__open_the_log", Reason.UNSUPPORTED)
        body = self.fixture("ignored__block_actions__open_the_log")
        self.assertIsNone(self.note(body, Reason.UNSUPPORTED))
