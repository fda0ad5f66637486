"""What somebody pastes, and what speaks of it."""

from __future__ import annotations

import json

import pytest

from idonethis.integrations.why.question import Question

SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e"
PULL = "https://code.example.org/analytical/engine/pull/12"


def speaks(text: str, body: str) -> bool:
    return Question.asked(text).is_in(body)


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        (SHA, f'{{"id": "{SHA}"}}'),
        (SHA[:7], f'{{"id": "{SHA}"}}'),
        (SHA[:7].upper(), f'{{"id": "{SHA}"}}'),
        (f"https://code.example.org/analytical/engine/commit/{SHA}", f'{{"id": "{SHA}"}}'),
        ("#12", '{"number": 12, "title": "Mend the roof"}'),
        ("12", '{"title": "Mend the roof (#12)"}'),
        ("12", '{"url": "https://code.example.org/pull/12"}'),
        ("ENG-12", '{"key": "ENG-12"}'),
        ("eng-12", '{"branch": "ENG-12-roof"}'),
        ("analytical/engine#12", f'{{"url": "{PULL}"}}'),
        ("analytical/engine#12", '{"text": "mends analytical/engine#12"}'),
        (PULL, f'{{"url": "{PULL}"}}'),
        (PULL, json.dumps({"url": PULL}).replace("/", "\\/")),
        (f"{PULL}/files?w=1#diff", f'{{"url": "{PULL}"}}'),
        (f"{PULL}/", f'{{"url": "{PULL}/commits"}}'),
        ("octo-jo", '{"login": "Octo-Jo"}'),
        ("jo@example.org", '{"email": "jo@example.org"}'),
        ("<a.b@mail.example.org>", '{"message-id": "<a.b@mail.example.org>"}'),
        ("mend the  roof", '{"title": "Mend the roof"}'),
        ("Mend the roof", '{"text": "First\\nMend the roof"}'),
        ("Grüße", json.dumps({"text": "Grüße"})),
        ("Grüße", '{"text": "Grüße"}'),
        ("ÖKOSTROM", '{"text": "Mehr Ökostrom"}'),
        ("Ökostrom", json.dumps({"text": "(ökostrom)"})),
        ("Ökostrom", json.dumps({"text": "(Ökostrom)"})),
        ("http://[::1]:8000/roof", '{"url": "http://[::1]:8000/roof"}'),
        ("Straße", '{"text": "Die STRASSE"}'),
        ("https://wiki.example.org/caf%C3%89", '{"url": "https://wiki.example.org/Café"}'),
        ("HTTPS://Wiki.Example.org/Roof", '{"url": "https://wiki.example.org/roof"}'),
        ('say "when"', json.dumps({"text": 'Say "when"'})),
    ],
)
def test_what_speaks_of_it_is_found(asked, body):
    assert speaks(asked, body)


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        (SHA[1:9], f'{{"id": "{SHA}"}}'),
        ("12", '{"number": 121}'),
        ("12", '{"count": 12}'),
        ("12", '{"on": "2026/12"}'),
        ("ENG-12", '{"key": "ENG-121"}'),
        ("ENG-12", '{"key": "KENG-12"}'),
        (PULL, f'{{"url": "{PULL}1"}}'),
        (PULL, '{"url": "https://elsewhere.example.org/analytical/engine/pull/12"}'),
        (f"{PULL}/files", '{"url": "https://code.example.org/analytical/engine/pull/1"}'),
        ("analytical/engine#12", '{"url": "https://code.example.org/analytical/engine/pull/121"}'),
        ("analytical/engine#12", '{"url": "https://code.example.org/analytical/mill/pull/12"}'),
        (PULL, '{"url": "https://a.code.example.org/analytical/engine/pull/12"}'),
        ("ada", '{"country": "Canada"}'),
        ("ökostrom", '{"text": "Superökostrom"}'),
        ("a.c", '{"text": "abc"}'),
    ],
)
def test_what_is_only_alike_is_not(asked, body):
    assert not speaks(asked, body)


def test_a_question_is_bounded_and_of_one_line():
    question = Question.asked("  mend\n the\0 roof " + "x" * 400)
    assert question.text.startswith("mend the roof x") and len(question.text) == 300


@pytest.mark.parametrize(("text", "short"), [("", True), ("ab", True), ("7", False), ("#7", False)])
def test_two_letters_are_too_few_but_a_number_is_not(text, short):
    assert Question.asked(text).is_too_short is short


@pytest.mark.parametrize("text", ["https://[", "http://", "ftp://example.org/x", "(((", "\\"])
def test_nothing_that_is_pasted_breaks_it(text):
    question = Question.asked(text)
    assert question.is_in(text) or question.is_too_short
    assert question.host == ""
