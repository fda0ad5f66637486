from __future__ import annotations

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.partners.slack.testing import ADA, FORM, GRACE, SlackTestCase, button, shown


class LogThisTest(SlackTestCase):
    def choose(self, person: str = ADA, **changes) -> None:
        who = {"id": person, "username": "x", "team_id": "T0ANALYTIC"}
        more = {"user": who, "trigger_id": f"5.6.{next(self.presses)}"} | changes
        self.post_hook(self.acted("message_action__log_this", **more), headers=FORM)

    def test_it_logs_the_message_in_plain_words_with_a_way_back_to_it(self):
        body = "Fixed the roof (https://example.org/42) with @ada & tar, asked #general"
        entry = self.check_hook("message_action__log_this", body)
        url = "https://analytical.slack.com/archives/C0GENERAL01/p1764000131000200"
        self.assertEqual(entry.url, url)

    def test_slack_itself_is_answered_with_nothing(self):
        response = self.send("message_action__log_this")
        self.assertEqual((response.status_code, response.content), (200, b""))

    def test_it_is_the_entry_of_who_chose_it_whoever_wrote_it(self):
        self.choose(GRACE)
        self.assertEqual(Entry.objects.get().user, self.grace)

    def test_chosen_twice_it_is_one_entry_chosen_by_two_it_is_two(self):
        for person in (ADA, ADA, GRACE):
            self.choose(person)
        owners = sorted(str(entry.user) for entry in Entry.objects.all())
        self.assertEqual(owners, ["Ada Lovelace", "Grace Hopper"])

    def test_a_message_that_was_edited_since_brings_its_entry_up_to_date(self):
        self.choose()
        message = {"type": "message", "ts": "1764000131.000200", "text": "Fixed the other roof"}
        self.choose(message=message)
        self.assertEqual(self.log(), [("done", "Fixed the other roof")])

    def test_a_message_may_be_marked_as_a_goal(self):
        self.choose(message={"type": "message", "ts": "1.2", "text": "[] mend\nthe mill"})
        self.assertEqual(self.log(), [("goal", "mend the mill")])

    def test_a_message_without_text_gives_what_it_has(self):
        (build,) = self.drafts("message_action__all_attachment")
        (file,) = self.drafts("message_action__of_a_file")
        self.assertEqual((build.body, file.body), ("Build 1842 passed", "Note G, final"))

    def test_an_organisation_that_names_no_team_is_found_by_the_person(self):
        self.choose(team=None)
        self.assertEqual(Entry.objects.get().url, "")


class ToldTest(SlackTestCase):
    """Slack shows nothing of the answer, so people are told afterwards."""

    def test_that_it_worked_with_an_undo(self):
        self.send("message_action__log_this")
        note = self.note(self.fixture("message_action__log_this"), Reason.CREATED)
        self.assertEqual(note["response_type"], "ephemeral")
        self.assertIn("Done: Fixed the roof", shown(note))
        self.press(button(note, "Undo"))
        self.assertEqual(self.log(), [])

    def test_why_it_did_not_work(self):
        self.check_ignored("ignored__message_action__without_text", Reason.UNSUPPORTED)
        body = self.fixture("ignored__message_action__without_text")
        note = self.note(body, Reason.UNSUPPORTED, self.last_receipt().why)
        words = "Nothing was logged. The message has no text that could be logged."
        self.assertEqual(note["text"], words)

    def test_a_stranger_where_to_say_who_they_are(self):
        note = self.note(self.fixture("message_action__log_this"), Reason.NO_PERSON)
        self.assertIn("<http://testserver/integrations/claim/", note["text"])

    def test_nothing_where_slack_gave_no_address_for_it(self):
        body = self.acted("message_action__log_this", response_url="")
        self.assertIsNone(self.note(body, Reason.CREATED))

    def test_nothing_again_where_the_first_answer_came_true(self):
        for reason in (Reason.CREATED, Reason.NO_PERSON, Reason.NO_LINK):
            self.assertIsNone(self.note(self.typed(), reason))

    def test_a_correction_where_the_first_answer_did_not_come_true(self):
        self.assertIn("one entry", self.note(self.typed(), Reason.DUPLICATE)["text"])
        note = self.note(self.typed(), Reason.STAYS_DELETED, "A person deleted its entry.")
        self.assertEqual(note["text"], "Nothing was logged. A person deleted its entry.")


class EventsTest(SlackTestCase):
    def test_an_app_that_is_removed_asks_for_a_reconnect(self):
        self.check_needs_reconnect("revoked__app_uninstalled")

    def test_so_do_tokens_that_are_revoked(self):
        self.check_needs_reconnect("revoked__tokens_revoked")

    def check_needs_reconnect(self, name: str) -> None:
        self.send(name)
        self.link.refresh_from_db()
        self.workspace.refresh_from_db()
        self.assertEqual(self.link.state, "needs_reconnect")
        self.assertEqual(self.workspace.state, "needs_reconnect")
        self.assertIn("Connect Slack again", self.link.trouble)
        self.assertEqual(self.last_receipt().outcome, Reason.DISCONNECTED)

    def test_tokens_of_people_are_none_of_ours(self):
        self.check_ignored("ignored__tokens_revoked__of_people", Reason.UNSUPPORTED)
        self.link.refresh_from_db()
        self.assertEqual(self.link.state, "active")

    def test_a_retry_under_the_same_id_is_one_receipt(self):
        body = self.fixture("ignored__message")
        self.post_hook(body)
        retry = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
        again = body.replace(b'"is_ext_shared_channel"', b'"attempt": 2, "is_ext_shared_channel"')
        self.assertNotEqual(again, body)
        self.assertEqual(self.post_hook(again, headers=retry).status_code, 200)
        self.assertEqual(type(self.last_receipt()).objects.count(), 1)

    def test_a_message_that_nobody_asked_for_is_ignored_in_words(self):
        self.check_ignored("ignored__message", Reason.UNSUPPORTED)
        self.assertEqual(self.last_receipt().why, "“message” never makes an entry.")
