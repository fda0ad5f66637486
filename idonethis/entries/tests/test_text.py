from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idonethis.entries.text import (
    LONGEST,
    Line,
    address,
    clean,
    mentions_in,
    one_line,
    parse,
    tags_in,
)
from idonethis.ui.linkify import linkify

MARKS = ["[]", "[ ]", "[x]", "[X]", "[✓]", "!", "-", "*", "•", "+"]
TYPED = st.lists(st.sampled_from([*MARKS, " ", "\n", "\r\n", "\t", "#", "@", "\x00"]) | st.text())


@pytest.mark.parametrize(
    ("typed", "kind", "body"),
    [
        ("shipped billing", "done", "shipped billing"),
        ("[] write docs", "goal", "write docs"),
        ("[ ] write docs", "goal", "write docs"),
        ("[]write docs", "goal", "write docs"),
        ("[x] wrote docs", "done", "wrote docs"),
        ("[X] wrote docs", "done", "wrote docs"),
        ("! waiting for DNS", "blocked", "waiting for DNS"),
        ("!waiting", "blocked", "waiting"),
        ("- [ ] from a list", "goal", "from a list"),
        ("* [x] ticked in a list", "done", "ticked in a list"),
        ("- ! stuck in a list", "blocked", "stuck in a list"),
        ("* starred", "done", "starred"),
        ("• bullet", "done", "bullet"),
        ("-5 degrees", "done", "-5 degrees"),
        ("*bold* words", "done", "*bold* words"),
        ("[link](https://example.org)", "done", "[link](https://example.org)"),
        ("  indented  ", "done", "indented"),
        ("計算機を直した", "done", "計算機を直した"),
        ("[] שלום עולם", "goal", "שלום עולם"),
    ],
)
def test_a_mark_at_the_start_of_a_line_says_what_it_is(typed, kind, body):
    assert parse(typed) == [Line(kind, body)]


def test_each_line_is_an_entry_and_blank_ones_are_passed_over():
    assert [line.body for line in parse("one\r\n\r\n  two  \n\n[]\n-\n* \n")] == ["one", "two"]


def test_a_line_without_a_mark_gets_the_kind_that_was_asked_for():
    assert [line.kind for line in parse("plain\n! stuck\n[x] over", kind="goal")] == [
        "goal",
        "blocked",
        "done",
    ]


def test_what_an_entry_is_too_short_for_is_handed_back():
    (line,) = parse("[] " + "a" * LONGEST + " and more")
    assert line == Line("goal", "a" * LONGEST, "and more")


def test_tags_and_mentions_are_read_and_numbers_and_addresses_are_not():
    text = "Fixed #12 for #API and #2nd-try, thanks @Grace. and @ada (ada@example.org, x/#y)"
    assert tags_in(text) == {"api", "2nd-try"}
    assert mentions_in(text) == {"grace", "ada"}


def test_what_stands_in_an_address_is_neither_tag_nor_mention():
    text = "See https://example.org/?q=#results, https://example.org/@ada and cc:@grace,@ada"
    assert tags_in(text) == set()
    assert mentions_in(text) == {"grace", "ada"}


def test_tags_are_those_of_any_script_and_fit_their_column():
    assert tags_in("#Größe #مطحنة #工場") == {"größe", "مطحنة", "工場"}
    assert {len(tag) for tag in tags_in("#" + "İ" * 50)} == {50}


def test_what_no_database_can_store_is_left_out():
    assert one_line("\x00\n  first\ud800 line\nsecond") == "first line"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://",
        "http://[",
        "example.org",
        "https://example.org/" + "a" * 1000,
    ],
)
def test_only_addresses_of_web_pages_are_addresses(url):
    assert address(url) == ""


def test_an_address_stays_as_it_is():
    assert address(" https://example.org/a?b=c#d\x00") == "https://example.org/a?b=c#d"


@given(TYPED.map("".join))
def test_any_text_can_be_parsed(typed):
    for line in parse(typed):
        assert line.kind in ("done", "goal", "blocked")
        assert line.body == line.body.strip() != ""
        assert len(line.body) <= LONGEST
        assert "\x00" not in line.body


def without_marks(line):
    """The signs of a line but for its bullet, its mark and its white space."""
    told = re.sub(r"^[-*•+](?:\s|$)", "", line.strip()).strip()
    told = re.sub(r"^(?:\[[ xX✓\s]?\]|!)", "", told)
    return "".join(told.split())


@given(TYPED.map("".join))
def test_no_sign_of_a_text_gets_lost(typed):
    wanted = [without_marks(line) for line in clean(typed).splitlines()]
    got = ["".join((line.body + line.rest).split()) for line in parse(typed)]
    assert got == [line for line in wanted if line]


@given(st.text(alphabet="ab \n", max_size=5), st.integers(0, 5))
def test_long_lines_lose_nothing_either(words, more):
    typed = words + "x" * (LONGEST + more - 3) + words
    got = [line.body + line.rest for line in parse(typed)]
    assert "".join("".join(got).split()) == "".join(typed.split())


@given(
    st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1),
    st.sampled_from(["", "[] ", "! ", "[x] ", "- ", "* [ ] "]),
)
def test_words_come_out_as_they_went_in(words, mark):
    assert [line.body for line in parse(mark + words)] == [words]


@given(st.integers(0), st.text(alphabet="-_", max_size=3))
def test_a_number_is_no_tag(number, dashes):
    assert tags_in(f"Closed #{number}{dashes} today") == set()


@given(st.emails(), st.sampled_from(["", " ", "(", "<", "mailto:"]))
def test_a_mail_address_mentions_nobody(mail, before):
    assert mentions_in(f"Wrote to {before}{mail} today") == set()


@given(st.lists(st.sampled_from(["#", "tag", "É", "7", "_", "-", " ", "https://a.b/", "@a.b"])))
def test_a_tag_is_what_shows_as_a_link_to_the_tag(pieces):
    body = "".join(pieces)
    assert tags_in(body) == {
        shown.lower() for shown in re.findall(r'class="tag">#([^<]+)<', linkify(body, "/t/engines"))
    }


def test_no_order_to_a_terminal_is_kept():
    assert clean("a\x1b[31mb\x1b]0;title\x07c\x9b2Jd\x7f\x08e") == "a[31mb]0;titlec2Jde"
    assert clean("one\ntwo\tthree\r\n🙂é") == "one\ntwo\tthree\r\n🙂é"
