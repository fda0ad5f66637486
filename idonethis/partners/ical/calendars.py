"""What an address of a calendar holds, as plain values.

https://www.rfc-editor.org/rfc/rfc5545; recurring events are unfolded by
https://recurring-ical-events.readthedocs.io/"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import icalendar
import recurring_ical_events

from idonethis.integrations.base import Never, line
from idonethis.integrations.kits.calendars import Occurrence, Zone
from idonethis.partners.ical.occurrences import occurrence, text

Event = icalendar.Component
#: What a calendar that was not made to be read may do: the libraries promise little about it.
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
#: How long unfolding may take, in seconds: a rule can be made that is searched for ages.
PATIENCE = 10.0
#: Of a calendar with more in it, those that end last.
MOST = 1000
#: Whose occurrences are at most one a day.
DAILY_AT_MOST = frozenset(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))


@dataclass(frozen=True)
class Calendar:
    """``zone`` is where times without a time zone are meant."""

    title: str
    zone: Zone
    events: tuple[Event, ...]

    @classmethod
    def of(cls, body: bytes) -> Calendar:
        """Raises Never for what is no calendar. Nothing is fetched."""
        try:
            parsed = icalendar.Calendar.from_ical(body, multiple=True)
            first, *others = [each for each in parsed if each.name == "VCALENDAR"]
            events = [event for each in (first, *others) for event in each.walk("VEVENT")]
        except BROKEN as problem:
            raise Never("What stands at this address is no calendar.") from problem
        zone = Zone.of(text(first, "X-WR-TIMEZONE"))
        return cls(line(text(first, "X-WR-CALNAME")), zone, tuple(events))

    def occurrences(self, begin: datetime, end: datetime) -> list[Occurrence]:
        """Of every event, each time it takes place between the two, those that end first at
        first. What makes no sense is left out."""
        span = (begin, end)
        found = [each for series in self._series() for each in self._unfolded(series, span)]
        return sorted(found, key=lambda each: (each["ends"], each["id"]))[-MOST:]

    def _series(self) -> Iterator[list[Event]]:
        """Events that stand for each other's occurrences, as they share a name. Raises Never where
        unfolding them takes too long."""
        named: dict[str, list[Event]] = defaultdict(list)
        for event in self.events:
            named[text(event, "UID") or str(id(event))].append(event)
        until = time.monotonic() + PATIENCE
        for series in named.values():
            if time.monotonic() > until:
                raise Never("What recurs in this calendar takes too long to work out.")
            yield series

    def _unfolded(self, series: list[Event], span: tuple[datetime, datetime]) -> list[Occurrence]:
        try:
            if not all(map(is_tame, series)):
                return []
            query = recurring_ical_events.of(self._wrapped(series), skip_bad_series=True)
            return list(self._said(series, query.between(*span)))
        except BROKEN:
            return []

    def _wrapped(self, series: Iterable[Event]) -> icalendar.Calendar:
        made = icalendar.Calendar()
        if self.zone.name:
            made.add("X-WR-TIMEZONE", self.zone.name)
        for event in series:
            made.add_component(event)
        return made

    def _said(self, series: Sequence[Event], found: Iterable[Event]) -> Iterator[Occurrence]:
        """Each by a name that it keeps when it is moved: the day on which it was to be. Of two on a
        day, the later is named by its time, too."""
        recurs = any({"RRULE", "RDATE", "RECURRENCE-ID"} & set(event) for event in series)
        taken: set[str] = set()
        for event in sorted(found, key=original) if recurs else found:
            meant = original(event) if recurs else ""
            which = meant[:10] if meant[:10] not in taken else meant
            taken.add(which)
            yield occurrence(event, which, zone=self.zone)


def original(event: Event) -> str:
    """When an occurrence was to begin before anybody moved it."""
    meant: Any = event["RECURRENCE-ID"]
    begins: Any = event["DTSTART"]
    # One that moves all that follow carries its own name into all of them.
    return str((begins if "RANGE" in meant.params else meant).dt.isoformat())


def is_tame(event: Event) -> bool:
    """Whether its rules, if any, can be followed from occurrence to occurrence in no time."""
    rules = event.get("RRULE") or []
    return all(map(_is_tame, rules if isinstance(rules, list) else [rules]))


def _is_tame(rule: Mapping[str, Sequence[Any]]) -> bool:
    many = any(len(rule.get(part, ())) > 1 for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    steps = all(int(step) > 0 for step in rule.get("INTERVAL", (1,)))
    return not many and steps and set(rule.get("FREQ", ())) <= DAILY_AT_MOST
