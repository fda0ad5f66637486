"""The words by which people log in a chat."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from idonethis.entries.drafts import Actor, Draft, Retract
from idonethis.integrations.kits.talks import FOLLOWED, Said
from idonethis.integrations.kits.words import NONE, Words

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ADA = Actor("1815", "ada")


def read(text):
    words = Words.of_sentence(text)
    return words and [(line.kind, line.body) for line in words.lines]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("done shipped billing", [("done", "shipped billing")]),
        ("Done: shipped billing", [("done", "shipped billing")]),
        ("/done shipped", [("done", "shipped")]),
        ("!goal write docs", [("goal", "write docs")]),
        ("  BLOCKED waiting for DNS", [("blocked", "waiting for DNS")]),
        ("blocker waiting for DNS", [("blocked", "waiting for DNS")]),
        ("done\none\n[] two\n! three", [("done", "one"), ("goal", "two"), ("blocked", "three")]),
        ("goal one\ntwo\n[x] three", [("goal", "one"), ("goal", "two"), ("done", "three")]),
        ("done", []),
        ("done help", []),
        ("goal   \n \n", []),
        ("donePS", None),
        ("done-list is long", None),
        ("well done all", None),
        ("help", None),
        ("", None),
        ("dóne x", None),
    ],
)
def test_the_first_word_says_what_the_rest_is(text, lines):
    assert read(text) == lines


def test_a_command_counts_by_what_its_name_ends_in():
    for name, kind in (("/our-goal", "goal"), ("/Blocker", "blocked"), ("/log", "done")):
        assert [line.kind for line in Words.of_command(name, "x").lines] == [kind]


def said(text, **more):
    return Said(ADA, Words.of_sentence(text) or NONE, "7", at=NOON, **more)


def test_an_edit_says_the_lines_anew_and_takes_out_the_rest():
    events = list(said("done one\ntwo", edited_at=NOON).events())
    drafts = [event for event in events if isinstance(event, Draft)]
    gone = [event for event in events if isinstance(event, Retract)]
    assert [draft.key for draft in drafts] == ["1815:7:0", "1815:7:1"]
    assert [event.key for event in gone] == [f"1815:7:{n}" for n in range(2, FOLLOWED)]
    assert {event.as_of for event in events} == {NOON}


def test_of_words_that_were_never_to_be_logged_an_edit_leaves_no_trace():
    """A retraction with an actor looks for an entry, and remembers nothing where there is none."""
    events = list(said("see you at noon", edited_at=NOON).events())
    assert {(type(event), event.actor) for event in events} == {(Retract, ADA)}


def test_an_edit_is_a_delivery_of_its_own():
    assert said("done x").delivery != said("done x", edited_at=NOON).delivery
