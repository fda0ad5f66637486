"""``/done`` alone lists what is suggested to who types it; buttons log or dismiss it."""

from __future__ import annotations

from datetime import date
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Receipt, Suggestion
from idonethis.partners.slack.answers import HELP
from idonethis.partners.slack.testing import GRACE, SlackTestCase

PRESSED = "ignored__block_actions__open_the_log"


class SuggestionsTest(SlackTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.webhook = IntegrationLink.objects.create(
            integration_type="webhook", team=self.team, user=self.ada, config={"how": "suggest"}
        )

    def suggest(self, body: str, user: Any = None) -> Suggestion:
        return Suggestion.objects.create(
            team=self.team,
            user=user or self.ada,
            link=self.webhook,
            key=f"webhook:{body}",
            kind="done",
            body=body,
            day=date(2026, 11, 24),
            expires_at="2100-01-01T00:00:00Z",
        )

    def buttons(self, message: dict[str, Any], label: str) -> list[dict[str, Any]]:
        actions = [block for block in message["blocks"] if block["type"] == "actions"]
        found = [each for block in actions for each in block["elements"]]
        return [each for each in found if each["text"]["text"] == label]

    def words(self, message: dict[str, Any]) -> str:
        blocks = message.get("blocks", [])
        return " ".join(block["text"]["text"] for block in blocks if "text" in block)

    def states(self) -> list[str]:
        return list(Suggestion.objects.order_by("pk").values_list("state", flat=True))

    def test_the_command_alone_lists_what_waits_for_who_types_it(self):
        self.suggest("Oiled the mill")
        self.suggest("Found a moth", self.grace)
        message = self.type("")
        self.assertEqual(message["response_type"], "ephemeral")
        self.assertIn("Done: Oiled the mill\nAnalytical Engines · Tue 24 Nov", self.words(message))
        self.assertNotIn("moth", str(message))
        self.assertEqual(len(self.buttons(message, "Log")), 1)
        self.assertEqual(len(self.buttons(message, "Dismiss")), 1)

    def test_where_nothing_waits_it_explains_itself_and_help_always_does(self):
        self.assertEqual(self.type("")["text"], HELP)
        self.suggest("Oiled the mill")
        self.assertEqual(self.type("help")["text"], HELP)

    def test_a_long_list_fits_into_a_message_of_slacks(self):
        for number in range(40):
            self.suggest(f"Cast {number} " + "x" * 3000)
        message = self.type("")
        self.assertLessEqual(len(message["blocks"]), 50)
        self.assertTrue(
            all(len(b["text"]["text"]) <= 3000 for b in message["blocks"] if "text" in b)
        )
        self.assertIn("And 30 more.", self.words(message))

    def test_log_says_yes_and_dismiss_says_no(self):
        self.suggest("Oiled the mill")
        self.suggest("Turned the crank")
        message = self.type("")
        self.press(self.buttons(message, "Log")[0])
        self.press(self.buttons(message, "Dismiss")[1])
        self.assertEqual(self.states(), ["dismissed", "accepted"])
        self.assertEqual(self.ended(), [Reason.DECIDED] * 2)

    def ended(self) -> list[str]:
        pressed = Receipt.objects.filter(event__contains="suggestion").order_by("pk")
        return list(pressed.values_list("outcome", flat=True))

    def test_a_yes_logs_what_came_by_another_link(self):
        self.webhook.config = {"how": "suggest", "text": "text"}
        self.webhook.save()
        self.link, slack = self.webhook, self.link
        self.integration, kept = self.webhook.integration, self.integration
        self.post_hook(b'{"text": "Backup finished"}')
        self.link, self.integration = slack, kept
        self.press(self.buttons(self.type(""), "Log")[0])
        self.assertEqual(self.log(), [("done", "Backup finished")])

    def test_nobody_decides_for_somebody_else_whatever_their_button_carries(self):
        self.suggest("Oiled the mill")
        button = self.buttons(self.type(""), "Log")[0]
        self.press(button, by=GRACE)
        self.press(button, by="U0MALLORY01")
        self.assertEqual(self.states(), ["pending"])
        self.assertEqual(self.ended(), [Reason.NOTHING_TO_CHANGE, Reason.NO_PERSON])

    def test_who_is_known_by_the_word_of_a_team_alone_is_shown_nothing(self):
        """Its admin could say that an account of their own is Ada."""
        self.suggest("Oiled the mill")
        IntegrationUser.objects.filter(user=self.ada, kind="user").update(team=self.team)
        self.assertNotIn("mill", str(self.type("")))
        names = Suggestion.objects.values_list("hash_id", flat=True)
        self.press({"action_id": "log_suggestion", "value": names[0]})
        self.assertEqual(self.states(), ["pending"])

    def test_a_button_that_was_pressed_once_is_not_pressed_by_a_replay(self):
        suggestion = self.suggest("Oiled the mill")
        self.press(self.buttons(self.type(""), "Log")[0])
        Suggestion.objects.filter(pk=suggestion.pk).move_to("pending")
        Receipt.objects.filter(event__contains="log_suggestion").replay()
        while Receipt.drain():
            pass
        self.assertEqual(self.states(), ["pending"])

    def test_after_each_button_the_list_is_shown_as_it_is_now(self):
        first, second = self.suggest("Oiled the mill"), self.suggest("Turned the crank")
        body = self.acted(PRESSED, actions=[self.action("log_suggestion", first)])
        Suggestion.objects.filter(pk=first.pk).move_to("accepted")
        note = self.note(body, Reason.DECIDED)
        self.assertTrue(note["replace_original"])
        self.assertIn("Logged.", note["text"])
        self.assertNotIn("mill", self.words(note))
        self.assertIn("Turned the crank", self.words(note))
        Suggestion.objects.filter(pk=second.pk).move_to("dismissed")
        body = self.acted(PRESSED, actions=[self.action("dismiss_suggestion", second)])
        note = self.note(body, Reason.DECIDED)
        self.assertEqual(note["text"], "Dismissed. Nothing else waits for you.")

    def test_a_button_that_came_too_late_says_so(self):
        gone = self.suggest("Oiled the mill")
        body = self.acted(PRESSED, actions=[self.action("log_suggestion", gone)])
        Suggestion.objects.all().move_to("expired")
        note = self.note(body, Reason.NOTHING_TO_CHANGE, "It does not wait any more.")
        self.assertTrue(note["text"].startswith("Nothing changed. It does not wait any more."))

    def action(self, name: str, suggestion: Suggestion) -> dict[str, Any]:
        return {"action_id": name, "value": suggestion.hash_id, "type": "button"}

    def test_what_people_wrote_calls_nobody_in_slack(self):
        self.suggest("<!channel> & *all*")
        text = next(b["text"] for b in self.type("")["blocks"] if "channel" in str(b))
        self.assertEqual(text["type"], "plain_text")

    def test_a_button_without_a_name_changes_nothing(self):
        self.suggest("Oiled the mill")
        for value in ("", "x" * 200, None):
            self.press({"action_id": "log_suggestion", "value": value})
        self.assertEqual(self.states(), ["pending"])
        self.assertFalse(Entry.objects.exists())
