from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest

from idonethis.ui.linkify import linkify

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/'onmouseover='alert(1)",
    "https://example.org/<script>alert(1)</script>",
    "https://example.org/&quot;onclick=&quot;alert(1)",
    "https://[",
    "https://",
    "https:///etc/passwd",
    'mailto:ada@example.org"onclick="alert(1)',
    "mailto:ada@example.org?body=<script>",
    '#tag"onclick="alert(1)',
    "#<b>bold</b>",
    "&lt;script&gt;",
    "https://example.org/\u202egnp.exe",
    "\x00https://example.org\x00",
]


class Page(HTMLParser):
    """What a browser would make of a piece of HTML."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data

    def hrefs(self):
        return [value for name, value in self.attributes if name == "href"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_nothing_but_links(text):
    page = Page(linkify(text, "/t/engines"))

    assert set(page.tags) <= {"a"}
    assert {name for name, _ in page.attributes} <= {"href", "rel", "class"}
    assert all(
        href.startswith(("http://", "https://", "mailto:", "/t/engines?tag="))
        for href in page.hrefs()
    )


@pytest.mark.parametrize("text", [*HOSTILE, "Fixed (#12) at https://example.org/a_(b), #ops!"])
def test_the_reader_sees_what_was_typed(text):
    assert Page(linkify(text, "/t/engines")).text == text


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("see https://example.org/a?b=1&c=2.", "https://example.org/a?b=1&c=2"),
        ("(https://example.org/engine)", "https://example.org/engine"),
        ("https://example.org/Engine_(mill)", "https://example.org/Engine_(mill)"),
        ("“http://example.org”", "http://example.org"),
        ("HTTPS://Example.org/x", "HTTPS://Example.org/x"),
        ("write to ada@example.org, please", "mailto:ada@example.org"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("done #Backend", "/t/engines?tag=backend"),
        ("#été", "/t/engines?tag=%C3%A9t%C3%A9"),
    ],
)
def test_addresses_and_tags_become_links(text, href):
    assert Page(linkify(text, "/t/engines")).hrefs() == [href]


@pytest.mark.parametrize(
    "text", ["Merged #412", "a#b", "C#", "ftp://example.org", "ada@localhost", "https://."]
)
def test_what_is_no_address_and_no_tag_stays_text(text):
    assert linkify(text, "/t/engines") == text


def test_tags_stay_text_where_there_is_no_page_of_them():
    assert linkify("shipped #billing") == "shipped #billing"


def test_links_do_not_vouch_for_where_they_lead():
    assert 'rel="nofollow noopener"' in linkify("https://example.org")


@pytest.mark.parametrize("piece", ["a@", "#-", "https://((((", "a.", "((", "+" * 10 + "@a."])
def test_a_long_hostile_line_is_read_in_no_time(piece):
    start = time.perf_counter()
    linkify(piece * 20_000, "/t/engines")
    assert time.perf_counter() - start < 1
