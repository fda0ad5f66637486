"""When a clock on somebody's wall shows the hour at which they want a mail."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = (0, 1, 2, 3, 4)
EVERY_DAY = (*WEEKDAYS, 5, 6)


def next_time(
    at: time, zone: ZoneInfo, days: tuple[int, ...], *, after: datetime
) -> datetime | None:
    """The first instant after this one at which the clock shows ``at`` on one of these days of the
    week (Monday is 0). A time that the clock skips comes when it would have come, and one that it
    shows twice comes once. https://docs.python.org/3/library/zoneinfo.html#using-zoneinfo"""
    first = after.astimezone(zone).date()
    dates = (first + timedelta(days=ahead) for ahead in range(9))
    instants = (_instant(day, at, zone) for day in dates if day.weekday() in days)
    return next((instant for instant in instants if instant > after), None)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
