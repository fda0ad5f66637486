"""Over every time zone and every change of its clock: each instant belongs to exactly one day, days
follow each other without a gap or a repeat, and each has a length that a day may have."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from idonethis.accounts.models import User
from tests.attacks.effort import tried

YEARS = range(2024, 2031)
ZONES = sorted(available_timezones())
HOUR = timedelta(hours=1)


def person(zone: str, day_ends_at: int) -> User:
    return User(email="ada@example.org", time_zone=zone, day_ends_at=day_ends_at)


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """The hours of these years after which the clock of the zone shows another offset. Halved down
    from quarters of a year, in each of which a clock goes one way only."""
    place, found = ZoneInfo(zone), []
    step = timedelta(days=7)
    moment = datetime(YEARS[0], 1, 1, tzinfo=UTC)
    while moment.year <= YEARS[-1]:
        if offset(moment, place) != offset(moment + step, place):
            found.append(narrowed(moment, moment + step, place))
        moment += step
    return tuple(found)


def offset(moment, place):
    return moment.astimezone(place).utcoffset()


def narrowed(before, after, place):
    while after - before > HOUR:
        middle = before + (after - before) / 2
        middle = middle.replace(minute=0, second=0, microsecond=0)
        if middle in (before, after):
            break
        if offset(middle, place) == offset(before, place):
            before = middle
        else:
            after = middle
    return before


@cache
def behaviours() -> tuple[tuple[str, datetime], ...]:
    """One zone for each change that there is: zones that change at the same hour by as much are
    one for this purpose."""
    seen = {}
    for zone in ZONES:
        place = ZoneInfo(zone)
        for hour in changes(zone):
            seen[hour, offset(hour, place), offset(hour + HOUR, place)] = (zone, hour)
    return tuple(seen.values())


def days_around(user: User, moment: datetime) -> list[date]:
    """Of every five minutes of the day before and the day after."""
    return [user.day_of(moment + timedelta(minutes=5) * step) for step in range(-300, 300)]


@pytest.mark.slow
@pytest.mark.parametrize("day_ends_at", range(13))
def test_around_every_change_of_every_clock_days_follow_each_other(day_ends_at):
    assert len(behaviours()) > 200
    for zone, change in behaviours():
        days = days_around(person(zone, day_ends_at), change)
        assert follow(days), (zone, change)


def follow(days: list[date]) -> bool:
    """Each is the one before or the next."""
    return all(
        later - earlier in (timedelta(0), timedelta(days=1))
        for earlier, later in zip(days, days[1:], strict=False)
    )


near_a_change = st.sampled_from(ZONES).flatmap(
    lambda zone: st.tuples(
        st.just(zone), st.sampled_from(changes(zone) or (datetime(2026, 1, 1, tzinfo=UTC),))
    )
)


@tried(300)
@given(near_a_change, st.integers(0, 12), st.integers(-3 * 1440, 3 * 1440), st.integers(1, 1440))
@example(("America/Sao_Paulo", datetime(2024, 1, 1, tzinfo=UTC)), 0, 0, 1)
@example(("Pacific/Apia", datetime(2026, 1, 1, tzinfo=UTC)), 12, 0, 1)
def test_near_a_change_no_day_is_skipped_doubled_or_taken_back(where, day_ends_at, minutes, later):
    zone, change = where
    user, moment = person(zone, day_ends_at), change + timedelta(minutes=minutes)
    first, second = user.day_of(moment), user.day_of(moment + timedelta(minutes=later))
    assert second - first in (timedelta(0), timedelta(days=1), timedelta(days=2))
    assert user.day_of(moment) == first


@tried(100)
@given(near_a_change, st.integers(0, 12))
def test_a_day_lasts_as_long_as_a_day_may(where, day_ends_at):
    """With its clock changed, between 20 and 28 hours; and it is all in one piece."""
    zone, change = where
    user = person(zone, day_ends_at)
    hours = [change + HOUR * step for step in range(-72, 73)]
    days = [user.day_of(hour) for hour in hours]
    assert follow(days) or days == sorted(days)
    for day in set(days[24:-24]):
        assert 20 <= days.count(day) <= 28, (zone, day)


@tried(200)
@given(st.sampled_from(ZONES), st.integers(0, 12), st.dates(date(2024, 1, 2), date(2030, 12, 30)))
def test_every_day_there_is_gets_its_noon(zone, day_ends_at, day):
    noon = datetime(day.year, day.month, day.day, 12, 30, tzinfo=ZoneInfo(zone))
    expected = day if day_ends_at <= 12 else day - timedelta(days=1)
    assert person(zone, day_ends_at).day_of(noon) == expected
