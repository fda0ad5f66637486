"""Whatever was typed, in whatever script: both ways to write a feed give it back as it was."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import UTC, date, datetime

import icalendar
from hypothesis import example, given
from hypothesis import strategies as some

from idonethis.entries.said import Said
from idonethis.entries.text import one_line
from idonethis.feeds.atom import atom
from idonethis.feeds.calendar import calendar
from idonethis.feeds.contents import Contents, Item, plain

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
FLAG = "🏴󠁧󠁢󠁳󠁣󠁴󠁿 👩🏽‍🔬 " * 30
ARABIC = "أنهيت كتابة البرنامج \u200f, ثم; اختبرته\\n " * 10


def contents(*bodies: str, who: str = "") -> Contents:
    items = tuple(_item(plain(body), str(n), who=plain(who)) for n, body in enumerate(bodies))
    return Contents(plain(who), plain(who), "https://log.example.org/me", items, date(2026, 11, 24))


def _item(body: str, name: str, *, who: str) -> Item:
    return Item(
        name=name,
        who=who,
        whose="b2c3d4e5f6a1",
        team="",
        kind="Done",
        is_completed=False,
        line=Said("✓", "done", one_line(body)),
        body=body,
        url="",
        page="https://log.example.org/e/0123456789ab",
        day=AT.date(),
        at=AT,
        created_at=AT,
        updated_at=AT,
        revision=1,
    )


def said_in(written: bytes, name: str) -> str:
    """As the RFC has it: https://www.rfc-editor.org/rfc/rfc5545#section-3.1 and 3.3.11. (The parser
    of the library mixes up a backslash before an n and the end of a line.)"""
    unfolded = written.decode().replace("\r\n ", "")
    (line,) = [each for each in unfolded.split("\r\n") if each.startswith(f"{name}:")]
    value = line.partition(":")[2]
    return re.sub(r"\\(.)", lambda it: "\n" if it[1] in "nN" else it[1], value)


@given(some.text(), some.text(max_size=40))
@example(FLAG, "Ada")
@example("C:\\New\\notes\\", "Ada")
@example(ARABIC, "Ada")
@example("a\r\nb\rc\x0bd\x0ce\x1cf\x85g\u2028h", "Ada")
@example("BEGIN:VEVENT\nEND:VCALENDAR\n\\n\\;\\,;,:\"^n^'", 'Ada "the first"')
@example("\ufffe\uffff]]>&lt;\x00", "Ada")
def test_a_calendar_gives_it_back(body, who):
    written = calendar(contents(body, who=who))
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert written.count(b"\r") == written.count(b"\n") == written.count(b"\r\n")
    (event,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert said_in(written, "DESCRIPTION") == plain(body)
    assert "\\" in body or str(event["DESCRIPTION"]) == plain(body)


@given(some.lists(some.text(min_size=1), min_size=6, max_size=8))
@example([FLAG, ARABIC, "a;b", "c,d", "e\\n", "\n"])
def test_so_does_one_event_of_a_long_day(bodies):
    written = calendar(contents(*bodies))
    assert said_in(written, "DESCRIPTION").split("\n") == [
        f"✓ {one_line(plain(b))}" for b in bodies
    ]


@given(some.text(), some.text(max_size=40))
@example("a\x0bd\x0ce\x1cf\x85g\u2028h", "Ada")
@example("\ufffe\uffff]]>&lt;\x00<b>", "Ada")
def test_a_feed_is_sound_and_gives_its_title_back(body, who):
    said = contents(body, who=who)
    (entry,) = ElementTree.fromstring(atom(said)).iter(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}title") or "") == said.items[0].title
