"""What a partner's answers mean: what passes never costs a grant, what is clear is not repeated."""

from __future__ import annotations

import time

import pytest

from idonethis.integrations.answers import (
    Again,
    Answer,
    Answers,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
)

PLAIN = Answers()


def meaning(answers: Answers, status: int, body: bytes = b"", **headers: str):
    """The failure that an answer is; None for a success."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        answers.judge(Answer(status, named, body), partner="Acme")
    except (Again, Never) as problem:
        return problem
    return None


EVERYWHERE = [
    (200, None),
    (204, None),
    (301, Never),
    (400, Never),
    (401, NeedsReconnect),
    (403, NeedsPermission),
    (404, Gone),
    (408, Again),
    (409, Never),
    (410, Gone),
    (422, Never),
    (425, Again),
    (429, Again),
    (500, Again),
    (502, Again),
    (503, Again),
    (599, Again),
]


@pytest.mark.parametrize(("status", "kind"), EVERYWHERE)
def test_a_status_means_the_same_at_every_partner(status, kind):
    found = meaning(PLAIN, status)
    assert type(found) is (kind or type(None))
    assert found is None or str(status) in str(found) and str(found).startswith("Acme ")


@pytest.mark.parametrize("headers", [{"retry_after": "30"}, {"x_ratelimit_remaining": "0"}])
def test_a_403_that_is_a_limit_passes_by_itself(headers):
    assert type(meaning(PLAIN, 403, **headers)) is Again


def test_when_to_come_back_is_believed_for_a_day_at_most():
    assert meaning(PLAIN, 429, retry_after="90").after == 90
    assert meaning(PLAIN, 503, retry_after="999999").after == 24 * 3600
    reset = {"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(time.time()) + 100)}
    assert 90 < meaning(PLAIN, 403, **reset).after <= 100
    assert 90 < meaning(PLAIN, 429, ratelimit_reset=reset["x_ratelimit_reset"]).after <= 100
    in_thousandths = reset | {"x_ratelimit_reset": f"{reset['x_ratelimit_reset']}000"}
    assert 90 < meaning(PLAIN, 429, **in_thousandths).after <= 100


def test_the_end_of_a_window_with_calls_left_is_no_time_to_wait_for():
    ahead = str(int(time.time()) + 3000)
    found = meaning(PLAIN, 500, x_ratelimit_remaining="4999", x_ratelimit_reset=ahead)
    assert found.after is None


WORDS = Answers(
    word="error",
    success="ok",
    refusals=(
        Refusal(NeedsReconnect, says=("dead",), sentence="It is dead ({word}). Connect again."),
        Refusal(NeedsPermission, says=("needs_*",), sentence="It needs {scope}."),
        Refusal(Again, says=("busy",), after=60),
        Refusal(Gone, (400,), says=("no_room",), sentence="There is no such room."),
    ),
)


def test_what_it_says_decides_also_where_the_status_is_200():
    assert meaning(WORDS, 200, b'{"ok": true, "error": "dead"}') is None
    found = meaning(WORDS, 200, b'{"ok": false, "error": "dead"}')
    assert type(found) is NeedsReconnect and str(found) == "It is dead (dead). Connect again."


GRAPHQL = Answers(
    word="errors.extensions.code",
    failure="errors",
    refusals=(Refusal(NeedsReconnect, says=("dead",), sentence="It is dead ({word})."),),
)


def test_a_field_that_only_refusals_fill_makes_a_200_one():
    for success in (b'{"data": {"errors": 1}}', b'{"data": {}, "errors": []}'):
        assert meaning(GRAPHQL, 200, success) is None
    found = meaning(GRAPHQL, 200, b'{"data": {}, "errors": [{"extensions": {"code": "DEAD"}}]}')
    assert type(found) is NeedsReconnect and str(found) == "It is dead (DEAD)."
    assert type(meaning(GRAPHQL, 200, b'{"errors": [{}]}')) is Never
    assert type(meaning(GRAPHQL, 200, b"[]")) is Again


def test_a_status_below_300_that_the_table_names_is_a_refusal():
    answers = Answers(refusals=(Refusal(NeedsReconnect, (203,)),))
    assert type(meaning(answers, 203, b"<html>Sign in</html>")) is NeedsReconnect
    assert meaning(answers, 200) is None and meaning(PLAIN, 203) is None


def test_where_a_field_says_whether_it_is_one_no_status_does():
    answers = Answers(success="ok", refusals=(Refusal(Never, (200,)),))
    assert meaning(answers, 200, b'{"ok": true}') is None
    assert type(meaning(answers, 200, b'{"ok": false}')) is Never


def test_words_come_in_families_and_sentences_name_what_the_answer_names():
    found = meaning(WORDS, 200, b'{"ok": false, "error": "needs_scope", "scope": "chat:write"}')
    assert type(found) is NeedsPermission and str(found) == "It needs chat:write."
    assert str(meaning(WORDS, 200, b'{"ok": false, "error": "needs_x"}')) == "It needs unknown."


def test_a_line_may_hold_for_some_statuses_only():
    body = b'{"ok": false, "error": "no_room"}'
    assert type(meaning(WORDS, 400, body)) is Gone
    assert type(meaning(WORDS, 200, body)) is Never


def test_a_partner_that_says_when_is_believed_more_than_the_table():
    body = b'{"ok": false, "error": "busy"}'
    assert meaning(WORDS, 200, body).after == 60
    assert meaning(WORDS, 200, body, retry_after="7").after == 7


def test_a_whole_body_in_plain_text_is_a_word_and_a_page_is_none():
    table = Answers(
        word="error", refusals=(Refusal(NeedsPermission, says=("not * this",), sentence="{word}."),)
    )
    found = meaning(table, 401, b"Not for this\n", content_type="text/plain; charset=utf-8")
    assert type(found) is NeedsPermission and str(found) == "Not for this."
    page = meaning(table, 401, b"Not for this", content_type="text/html")
    assert type(page) is NeedsReconnect


@pytest.mark.parametrize("body", [b"", b"<h1>Down</h1>", b"[]", b"null", b'"ok"', b"\xff{"])
def test_a_success_that_is_none_of_this_partners_passes_by_itself(body):
    assert type(meaning(WORDS, 200, body)) is Again


@pytest.mark.parametrize("body", [b"", b"<h1>Down</h1>", b"[1]"])
def test_an_error_page_is_judged_by_its_status_alone(body):
    assert type(meaning(WORDS, 502, body)) is Again
    assert type(meaning(WORDS, 401, body)) is NeedsReconnect


def test_braces_of_a_partner_are_text_like_any_other():
    found = meaning(WORDS, 200, b'{"ok": false, "error": "needs_x", "scope": "{word} {0} {}"}')
    assert str(found) == "It needs {word} {0} {}."


DEEP = Answers(
    source="https://acme.example",
    word="error.errors.reason",
    refusals=(Refusal(Again, (403,), says=("toomuch",), sentence="{partner} is busy ({word})."),),
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error": {"errors": [{"reason": "tooMuch"}, {"reason": "other"}]}}', Again),
        (b'{"error": {"errors": {"reason": "tooMuch"}}}', Again),
        (b'{"error": {"errors": [{"reason": "other"}]}}', NeedsPermission),
        (b'{"error": {"errors": []}}', NeedsPermission),
        (b'{"error": "tooMuch"}', NeedsPermission),
        (b'[{"error": 1}]', NeedsPermission),
        (b"", NeedsPermission),
    ],
)
def test_a_word_may_lie_deeper(body, kind):
    found = meaning(DEEP, 403, body)
    assert type(found) is kind
    assert kind is not Again or str(found) == "Acme is busy (tooMuch)."


@pytest.mark.parametrize(
    ("said", "headers", "after"),
    [
        (b'{"error": {"retry_in_seconds": 7}}', {}, 7),
        (b'{"error": {"retry_in_seconds": "7.5"}}', {}, 7.5),
        (b'{"error": {"retry_in_seconds": 7}}', {"retry_after": "9"}, 9),
        (b'{"error": {"retry_in_seconds": 1e99}}', {}, 60),
        (b'{"error": {"retry_in_seconds": 99999999}}', {}, 24 * 3600),
        (b'{"error": {"retry_in_seconds": -7}}', {}, 60),
        (b'{"error": {"retry_in_seconds": "soon"}}', {}, 60),
        (b'{"error": "torn"}', {}, 60),
    ],
)
def test_when_to_come_back_may_stand_in_the_body_where_no_header_says_it(said, headers, after):
    answers = Answers(wait="error.retry_in_seconds", refusals=(Refusal(Again, (429,), after=60),))
    assert meaning(answers, 429, said, **headers).after == after
