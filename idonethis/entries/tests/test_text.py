from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idonethis.entries.text import Line, mentions_in, one_line, parse, tags_in


@pytest.mark.parametrize(
    ("typed", "kind", "body"),
    [
        ("shipped billing", "done", "shipped billing"),
        ("[] write docs", "goal", "write docs"),
        ("[ ] write docs", "goal", "write docs"),
        ("[x] wrote docs", "done", "wrote docs"),
        ("! waiting for DNS", "blocked", "waiting for DNS"),
        ("!waiting", "blocked", "waiting"),
        ("- [ ] from a list", "goal", "from a list"),
        ("* starred", "done", "starred"),
        ("• bullet", "done", "bullet"),
        ("-5 degrees", "done", "-5 degrees"),
        ("[link](https://example.org)", "done", "[link](https://example.org)"),
    ],
)
def test_a_mark_at_the_start_of_a_line_says_what_it_is(typed, kind, body):
    assert parse(typed) == [Line(kind, body)]


def test_each_line_is_an_entry_and_blank_ones_are_passed_over():
    assert [line.body for line in parse("one\r\n\r\n  two  \n\n[]\n")] == ["one", "two"]


def test_a_line_without_a_mark_gets_the_kind_that_was_asked_for():
    assert [line.kind for line in parse("plain\n! stuck\n[x] over", kind="goal")] == [
        "goal",
        "blocked",
        "done",
    ]


def test_tags_and_mentions_are_read_and_numbers_and_addresses_are_not():
    text = "Fixed #12 for #API and #2nd-try, thanks @Grace. and @ada (ada@example.org, x/#y)"
    assert tags_in(text) == {"api", "2nd-try"}
    assert mentions_in(text) == {"grace", "ada"}


def test_what_no_database_can_store_is_left_out():
    assert one_line("\x00\n  first\ud800 line\nsecond") == "first line"


@given(st.text())
def test_any_text_can_be_parsed_and_no_word_gets_lost(typed):
    for line in parse(typed):
        assert line.kind in ("done", "goal", "blocked")
        assert line.body == line.body.strip() != ""
        assert line.body in typed.replace("\x00", "")


@given(
    st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1),
    st.sampled_from(["", "[] ", "! ", "[x] "]),
)
def test_words_come_out_as_they_went_in(words, mark):
    assert [line.body for line in parse(mark + words)] == [words]
