from __future__ import annotations

from datetime import UTC, datetime, timedelta

from idonethis.entries.models import Entry
from idonethis.entries.text import LONGEST
from idonethis.integrations.base import Ignored, Reason
from idonethis.integrations.models import Receipt
from idonethis.partners.slack.testing import ADA, FORM, SlackTestCase, button, shown

NOON = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC)


class CommandsTest(SlackTestCase):
    def test_done_logs_a_done(self):
        self.check_hook("command__done", "shipped billing #api")

    def test_goal_logs_a_goal(self):
        self.check_hook("command__goal", "write the docs", kind="goal")

    def test_blocker_logs_a_blocker(self):
        self.check_hook("command__blocker", "waiting for DNS", kind="blocked")

    def test_a_command_renamed_in_the_manifest_keeps_its_kind(self):
        self.type("write the docs", command="/our-goal")
        self.type("shipped", command="/log")
        self.assertEqual(self.log(), [("goal", "write the docs"), ("done", "shipped")])

    def test_each_line_is_an_entry_with_the_kind_that_its_mark_says(self):
        self.send("command__several_lines")
        self.assertEqual(
            self.log(),
            [("done", "shipped billing"), ("goal", "write docs"),
             ("blocked", "waiting for <DNS> & co")],
        )  # fmt: skip

    def test_the_answer_says_team_day_kind_and_text_to_one_person(self):
        answer = self.says(self.send("command__several_lines"))
        today = self.ada.today()
        self.assertEqual(answer["response_type"], "ephemeral")
        self.assertEqual(
            shown(answer).splitlines(),
            [f"Analytical Engines · {today:%a} {today.day} {today:%b}", "Done: shipped billing",
             "Goal: write docs", "Blocker: waiting for <DNS> & co"],
        )  # fmt: skip

    def test_the_answer_leads_to_the_log(self):
        answer = self.says(self.send("command__done"))
        url = button(answer, "Open the log")["url"]
        self.assertEqual(url, "http://testserver" + self.team.get_absolute_url())

    def test_a_command_without_text_and_one_that_asks_for_help_explain_the_commands(self):
        for name in ("ignored__command__without_text", "ignored__command__help"):
            with self.subTest(name):
                self.assertIn("`/done shipped billing #api`", self.says(self.send(name))["text"])
                self.assertEqual(self.last_receipt().outcome, Reason.UNSUPPORTED)
        self.assertEqual(self.log(), [])

    def test_what_is_cut_off_is_said(self):
        answer = self.type("a" * LONGEST + " and the end\n" + "b" * LONGEST)
        self.assertIn("11 characters were cut off", shown(answer))
        self.assertIn("“and the end”", shown(answer))
        self.assertEqual(shown(answer).count("cut off"), 1)

    def test_a_long_answer_stays_within_what_slack_shows(self):
        answer = self.type("\n".join(f"{n} " + "x" * 400 for n in range(40)))
        self.assertLessEqual(len(shown(answer)), 3000)
        self.assertIn("… and 30 more", shown(answer))
        self.assertEqual(Entry.objects.count(), 40)

    def test_names_that_slack_escaped_are_read_as_they_were_typed(self):
        self.type("paired with <@U0GRACE1906|grace> in <#C0GENERAL01|general>")
        self.assertEqual(self.log(), [("done", "paired with @grace in #general")])


class TwiceTest(SlackTestCase):
    def test_the_same_words_within_a_minute_are_one_entry_whichever_minute_the_clock_shows(self):
        for seconds in (0, 3, 59):
            self.arrive(self.typed(), NOON + timedelta(seconds=seconds))
        self.assertEqual(self.log(), [("done", "shipped billing #api")])
        self.assertEqual(self.last_receipt().outcome, Reason.DUPLICATE)

    def test_also_when_the_later_one_is_read_first(self):
        for seconds in (56, 54):
            self.arrive(self.typed(), NOON + timedelta(seconds=seconds))
        self.assertEqual(len(self.log()), 1)

    def test_two_minutes_later_they_are_another_entry(self):
        for seconds in (0, 120):
            self.arrive(self.typed(), NOON + timedelta(seconds=seconds))
        self.assertEqual(len(self.log()), 2)

    def test_other_words_another_kind_or_another_person_are_another_entry(self):
        self.arrive(self.typed(), NOON)
        self.arrive(self.typed(text="shipped billing"), NOON)
        self.arrive(self.typed(command="/goal"), NOON)
        self.arrive(self.typed(user_id="U0GRACE1906"), NOON)
        self.assertEqual(len(self.log()), 4)

    def test_a_line_that_stands_twice_in_one_command_is_two_entries(self):
        self.type("called a customer\ncalled a customer")
        self.assertEqual(len(self.log()), 2)

    def test_one_request_that_arrives_twice_is_one_receipt(self):
        body = self.typed()
        for _ in range(2):
            self.post_hook(body, headers=FORM)
        self.assertEqual(Receipt.objects.count(), 1)


class PureTest(SlackTestCase):
    def test_what_makes_no_entry_says_why(self):
        for path in sorted((self.folder / "fixtures").glob("ignored__*")):
            with self.subTest(path.stem):
                events = self.draft_of(path.stem)
                self.assertEqual([type(event) for event in events], [Ignored])
                self.assertTrue(events[0].why)

    def test_a_draft_names_the_person_within_their_workspace(self):
        (draft,) = self.drafts("command__done")
        self.assertEqual((draft.actor.uid, draft.actor.login), (f"T0ANALYTIC/{ADA}", "ada"))
