"""A feed as a calendar: https://www.rfc-editor.org/rfc/rfc5545

What somebody did belongs to a day and to no hour, and keeps nobody busy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from itertools import groupby
from typing import ClassVar

import icalendar
from django.conf import settings

from idonethis.entries.said import numbers
from idonethis.feeds.contents import Contents, Item

#: Of a day on which somebody logged more, one event says all.
EACH = 5
#: How often programs should look again.
AGAIN = timedelta(hours=1)


class Text(icalendar.vText):
    """Escaped in one pass: https://www.rfc-editor.org/rfc/rfc5545#section-3.3.11 (The library takes
    a backslash before an N, as in C:\\New, for the end of a line.)"""

    ESCAPED: ClassVar = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})

    def to_ical(self) -> bytes:
        return self.translate(self.ESCAPED).encode()


def calendar(contents: Contents) -> bytes:
    """Its names and its pace are said twice: as https://www.rfc-editor.org/rfc/rfc7986 has it, and
    as programs did before."""
    made = icalendar.Calendar()
    made.add("prodid", "-//I Done This//Log//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        made.add(name, Text(contents.title))
    made.add("url", contents.page)
    made.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for event in _events(contents.items):
        made.add_component(event)
    written: bytes = made.to_ical()
    return written


def _events(items: Iterable[Item]) -> Iterator[icalendar.Event]:
    for _, found in groupby(sorted(items, key=_day), key=_day):
        of_day = list(found)
        yield from map(_event, of_day) if len(of_day) <= EACH else (_long_day(of_day),)


def _day(item: Item) -> tuple[str, str]:
    return (item.day.isoformat(), item.whose)


def _event(item: Item) -> icalendar.Event:
    event = _on(item, f"{item.name}@{settings.SITE.hostname}", item.title)
    event.add("created", item.created_at.astimezone(UTC))
    event.add("sequence", item.revision - 1)
    event.add("categories", item.categories)
    event.add("url", item.page)
    event.add("description", Text("\n".join(filter(None, (item.body, item.url, item.team)))))
    return event


def _long_day(items: list[Item]) -> icalendar.Event:
    """By a name that it keeps, however many more come."""
    last = max(items, key=lambda item: item.updated_at)
    lines = [item.line for item in items]
    title = numbers(lines)
    title = f"{last.who}: {title}" if last.who else title
    event = _on(last, f"{last.whose}-{last.day}@{settings.SITE.hostname}", title)
    event.add("categories", sorted({item.kind for item in items}))
    event.add("description", Text("\n".join(f"{line.sign} {line.body}" for line in lines)))
    return event


def _on(item: Item, uid: str, title: str) -> icalendar.Event:
    """An event of the day of this one, as new as this one."""
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("summary", Text(title))
    event.add("dtstart", item.day)
    event.add("dtend", item.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    for name in ("dtstamp", "last-modified"):
        event.add(name, item.updated_at.astimezone(UTC))
    return event
