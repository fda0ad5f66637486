"""Days and instants as programs and people write them. Nothing is guessed: what may mean two days
means none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b(.*)")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b(.*)")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)(.*)", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(T.*)?")
_CLOCK = re.compile(
    r"[T ,]*(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?\s*(.*)"
)
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)?")
#: Day, month and year with the month's name, in the orders in which they are written.
_NAMED = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d-%b-%Y", "%d-%B-%Y")
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)


class Order(NamedTuple):
    """Of days written with slashes: whether some can only have the day first, or the month."""

    day_first: bool = False
    month_first: bool = False

    @classmethod
    def of(cls, texts: Iterable[str]) -> Order:
        found = [match for text in texts if (match := _SLASHED.match(text.strip()))]
        return cls(
            any(int(match[1]) > 12 for match in found), any(int(match[2]) > 12 for match in found)
        )


class Spelling(NamedTuple):
    """How the days of one file are written."""

    order: Order = Order()

    def day(self, text: str) -> date:
        """Of an instant, the day that stands there. Raises ValueError with a sentence."""
        return self._split(text.strip())[0]

    def instant(self, text: str) -> datetime:
        """Without a zone it is UTC; without a time, the beginning of its day. Raises ValueError."""
        day, rest = self._split(text.strip())
        return _at(day, rest, text)

    def _split(self, text: str) -> tuple[date, str]:
        try:
            return self._parts(text)
        except (ValueError, OverflowError) as problem:
            said = str(problem) if str(problem).startswith("“") else ""
            raise ValueError(said or f"“{text[:60]}” is no day, such as 2026-11-24.") from problem

    def _parts(self, text: str) -> tuple[date, str]:
        for form in (_YEAR_FIRST, _COMPACT):
            if found := form.fullmatch(text):
                return date(*map(int, found.group(1, 2, 3))), found[4] or ""
        if found := _DOTTED.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1])), found[4]
        if found := _SLASHED.fullmatch(text):
            return self._slashed(text, *map(int, found.group(1, 2, 3))), found[4]
        return _in_words(text)

    def _slashed(self, text: str, first: int, second: int, year: int) -> date:
        if self.order.day_first == self.order.month_first and first != second:
            raise ValueError(
                f"“{text[:60]}” may be two days: write it as {year}-{first:02}-{second:02} "
                f"or {year}-{second:02}-{first:02}."
            )
        return date(year, second, first) if self.order.day_first else date(year, first, second)


def _in_words(text: str) -> tuple[date, str]:
    plain = _ORDINAL.sub("", _WEEKDAY.sub("", text)).replace(",", " ")
    words = plain.replace(".", " ").split() if "-" not in plain.split(" ")[0] else plain.split()
    for count in (3, 1):
        for form in _NAMED:
            try:
                said = " ".join(words[:count])
                return datetime.strptime(said, form).date(), " ".join(words[count:])
            except ValueError:
                continue
    found = parsedate_to_datetime(text)
    return found.date(), found.strftime(" %H:%M:%S %z")


def _at(day: date, rest: str, text: str) -> datetime:
    if not rest.strip(" T"):
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = _CLOCK.fullmatch(rest.strip())
    if not found:
        raise ValueError(f"“{text[:60]}” is no instant, such as 2026-11-24 17:30 UTC.")
    try:
        return _clock(day, found)
    except (ValueError, OverflowError) as problem:
        raise ValueError(f"“{text[:60]}” is no instant, such as 2026-11-24 17:30 UTC.") from problem


def _clock(day: date, found: re.Match[str]) -> datetime:
    hour, half = int(found[1]), (found[5] or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = (found[4] or "")[:6].ljust(6, "0")
    said = f"{day}T{hour:02}:{found[2]}:{found[3] or '00'}.{fraction}{_zone(found[6].strip())}"
    return datetime.fromisoformat(said).astimezone(UTC)


def _zone(text: str) -> str:
    if text.upper() in ("", "Z", "UTC", "GMT"):
        return "+00:00"
    words = text.split()
    found = _ZONE.fullmatch(words[0]) or _ZONE.fullmatch(words[-1])
    if not found:
        raise ValueError(text)
    return f"{found[1]}{found[2]}:{found[3] or '00'}"
