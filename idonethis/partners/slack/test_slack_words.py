"""What people write, into Slack and out of it, letter for letter."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from idonethis.partners.slack.mrkdwn import escape, link, plain
from idonethis.partners.slack.posting import QUIET, text


@pytest.mark.parametrize(
    ("mrkdwn", "read"),
    [
        ("plain words", "plain words"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt; stays an entity", "&lt; stays an entity"),
        ("a <b> that was never escaped", "a <b> that was never escaped"),
        ("<@U0ADA181512|ada> and <@W0ADA>", "@ada and someone"),
        ("<#C0GENERAL01|general> and <#C0GENERAL01>", "#general and a channel"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!here|here> <!subteam^S01|@engines> <!subteam^S01>", "@here @engines a group"),
        ("at <!date^1392734382^{date_short}|18 Feb 2014>", "at 18 Feb 2014"),
        ("<https://example.org/42>", "https://example.org/42"),
        ("<http://example.org|example.org>", "example.org"),
        ("<https://example.org/42|the roof>", "the roof (https://example.org/42)"),
        ("<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2"),
        ("<mailto:ada@example.org|ada@example.org>", "ada@example.org"),
        ("<tel:+441815|+441815>", "+441815"),
        ("<javascript:alert(1)|click>", "<javascript:alert(1)|click>"),
        ("*bold* _slanted_ `code` :tada: 😀 שלום", "*bold* _slanted_ `code` :tada: 😀 שלום"),
        ("<<<@|>|<", "<<<@|>|<"),
    ],
)
def test_slacks_markup_is_read_as_people_see_it(mrkdwn, read):
    assert plain(mrkdwn) == read


HOSTILE = [
    "<!channel> <!here> <!everyone>",
    "<@U0ADA181512> <#C0GENERAL01|general> <!subteam^S01>",
    "<https://evil.example|https://good.example>",
    "&lt;!channel&gt; &amp;",
    "<" * 50 + ">" * 50,
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_people_write_can_call_nobody_and_lead_nowhere(words):
    assert not {"<", ">"} & set(escape(words))
    assert plain(escape(words)) == words


def entry(**changes):
    facts = {
        "kind": "done",
        "user": "Ada Lovelace",
        "body": "shipped billing #api",
        "url": "",
        "origin_label": "",
        "completed_on": None,
    }
    return SimpleNamespace(**facts | changes)


@pytest.mark.parametrize(
    ("changes", "head"),
    [
        ({}, "✅ *Done* · Ada Lovelace"),
        ({"kind": "goal"}, "🎯 *Goal* · Ada Lovelace"),
        ({"kind": "goal", "completed_on": date(2026, 11, 24)}, "🏁 *Goal reached* · Ada Lovelace"),
        ({"kind": "blocked"}, "🚧 *Blocker* · Ada Lovelace"),
        ({"user": "<!here> & co"}, "✅ *Done* · &lt;!here&gt; &amp; co"),
    ],
)
def test_a_post_begins_with_what_it_is_and_whose(changes, head):
    assert text(entry(**changes)).splitlines()[0] == head


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("shipped billing #api", "shipped billing #api"),
        ("<!channel> & @everyone @here", "&lt;!channel&gt; &amp; @everyone @here"),
        ("> not a quotation", "&gt; not a quotation"),
        ("📦 שלום עולם 你好", "📦 שלום עולם 你好"),
        ("x" * 2000, "x" * 2000),
    ],
)
def test_a_post_shows_the_words_as_they_are(body, shown):
    assert text(entry(body=body)).splitlines()[1] == shown


def test_nothing_in_a_post_becomes_a_mention_or_unfolds():
    assert QUIET == {
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


@pytest.mark.parametrize(
    ("url", "label", "made"),
    [
        ("https://x.example/?a&b", "GitHub, ada/x", "<https://x.example/?a&amp;b|GitHub, ada/x>"),
        ("https://x.example/a|b", "Open", "<https://x.example/a%7Cb|Open>"),
        ("https://x.example/a>b<c", "Open", "<https://x.example/a%3Eb%3Cc|Open>"),
        ("https://x.example/1", "a <!here>\n& b", "<https://x.example/1|a &lt;!here&gt; &amp; b>"),
        ("javascript:alert(1)", "Open", "Open"),
        ("https://x.example/1 <!channel>", "Open", "Open"),
    ],
)  # fmt: skip
def test_a_link_leads_to_the_web_and_nowhere_else(url, label, made):
    assert link(url, label) == made
