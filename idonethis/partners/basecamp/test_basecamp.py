from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Hook, Ignored, Reason, Retitle, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

#: Questions that count, however they are capitalised.
ASKED = {"questions": "How was it?\nwhat did you work on TODAY?"}


class BasecampTest(HookTestCase):
    def read(self, body, **config):
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def test_a_completed_to_do_is_a_done_of_who_completes_it(self):
        entry = self.check_hook("todo_completed", "Completed “Oil the mill”")
        assert entry.url == "https://3.basecamp.com/195/buckets/3/todos/12"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_a_completed_card_is_one_too(self):
        self.check_hook("kanban_card_completed", "Completed “Count the cards”")

    def test_a_mail_address_is_a_hint_since_nothing_is_signed(self):
        [draft] = self.drafts("todo_completed")
        assert draft.actor.email == "ada@example.org" and not draft.actor.vouched
        assert draft.place == "Engines"

    def test_what_is_taken_back_or_thrown_away_goes_and_what_is_renamed_is_renamed(self):
        self.send("todo_completed")
        self.send("todo_content_changed")
        assert Entry.objects.get().body == "Completed “Oil the mill and the crank”"
        for name in ("todo_uncompleted", "todo_trashed"):
            [event] = self.draft_of(name)
            assert isinstance(event, Retract) and event.as_of

    def test_renaming_is_understood_as_it_is_documented_and_as_it_is_sent(self):
        body = orjson.loads(self.fixture("todo_content_changed"))
        for what in ("title_updated", "content_updated", "title_changed"):
            [event] = self.read(body | {"kind": f"todo_{what}"})
            assert isinstance(event, Retitle)

    def test_an_answer_to_a_check_in_that_the_link_names_is_a_done_in_its_own_words(self):
        self.link.config = ASKED
        self.link.save()
        entry = self.check_hook(
            "ignored__question_answer_created", "Oiled the mill & the crank · Counted cards"
        )
        assert entry.url.endswith("/questions/70/answers/2026-11-23#__recording_77")
        self.send("ignored__question_answer_content_changed")
        assert Entry.objects.get().body == "Oiled the mill"
        self.send("ignored__question_answer_trashed")
        assert not Entry.objects.alive().exists()

    def test_answers_to_other_check_ins_are_left_out(self):
        self.check_ignored("ignored__question_answer_created", "filtered_rule")
        for questions in ("", "\n", "How are you feeling?", "What did you work on"):
            [event] = self.draft_of("ignored__question_answer_created", questions=questions)
            assert event.reason is Reason.FILTERED and "this question" in event.why, questions
        body = orjson.loads(self.fixture("ignored__question_answer_created"))
        body["recording"]["parent"] = None
        [event] = self.read(body, questions="How was it?\n\n")
        assert event.reason is Reason.FILTERED
        [draft] = self.drafts("ignored__question_answer_created", **ASKED)
        assert draft.place == "Engines" and not draft.actor.vouched

    def test_what_becomes_of_an_answer_otherwise_says_why_it_makes_no_entry(self):
        body = orjson.loads(self.fixture("ignored__question_answer_created"))
        [event] = self.read(body | {"kind": "question_answer_archived"}, **ASKED)
        assert event.why == "An answer makes an entry once it is given."
        [event] = self.read(body | {"creator": None}, **ASKED)
        assert event.reason is Reason.NO_PERSON
        for content, said in (
            (["torn"], "Answered without a word"),
            (None, "Answered without a word"),
            ("<br>", "Answered without a word"),
        ):
            body["recording"]["content"] = content
            [draft] = self.read(body, **ASKED)
            assert draft.body == said

    def test_a_webhook_of_ours_does_not_hear_of_answers(self):
        assert self.integration.hook_events == {"Todo", "Kanban::Card"}

    def test_programs_make_no_entry_unless_the_link_wants_them(self):
        self.check_ignored("ignored__todo_completed__by_a_program", "bot")
        [draft] = self.drafts("ignored__todo_completed__by_a_program", bots=True)
        assert draft.body == "Completed “Measure the shaft”"

    def test_a_link_may_leave_cards_out(self):
        [event] = self.draft_of("kanban_card_completed", events=["todo"])
        assert event.reason is Reason.FILTERED

    def test_what_names_nobody_is_no_entry(self):
        self.check_ignored("ignored__todo_completed__by_nobody", "no_person")

    def test_the_rest_says_why_it_makes_none(self):
        for name in ("todo_created", "todolist_created", "comment_created"):
            self.check_ignored(f"ignored__{name}", "unsupported_event")
        assert "comment_created" in self.last_receipt().why

    def test_what_is_sent_again_is_the_same_delivery_by_its_id(self):
        body = orjson.loads(self.fixture("todo_completed"))
        hooks = [Hook(orjson.dumps(each)) for each in (body, body | {"more": 1})]
        assert {self.integration.delivery_key(hook) for hook in hooks} == {"9001"}

    def test_bodies_of_another_shape_are_refused_or_ignored(self):
        for body in ({}, {"kind": 3}, {"kind": "todo_completed", "recording": []}):
            [event] = self.read(body)
            assert isinstance(event, Ignored)
        with self.assertRaises(Unreadable):
            self.read([])
