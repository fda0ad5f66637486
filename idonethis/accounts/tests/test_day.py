"""Which day an instant belongs to: over all time zones, changes of the clock, and day ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import TZPATH, ZoneInfo, available_timezones, reset_tzpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idonethis.accounts.models import User

ZONES = sorted(available_timezones())
QUARTER = timedelta(minutes=15)


def person(zone: str, day_ends_at: int = 0) -> User:
    return User(email="ada@example.org", time_zone=zone, day_ends_at=day_ends_at)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def changes_of_the_clock(zone: ZoneInfo, year: int) -> Iterator[datetime]:
    """The hours of a year in which the offset from UTC is another one than the hour before."""
    hour = datetime(year, 1, 1, tzinfo=UTC)
    while hour.year == year:
        after = hour + timedelta(hours=1)
        if hour.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield hour
        hour = after


@pytest.fixture(scope="module")
def clock_changes() -> list[tuple[str, datetime]]:
    """One zone of each behaviour: zones that change at the same hours by as much are one."""
    seen = {}
    for name in ZONES:
        zone = ZoneInfo(name)
        for hour in changes_of_the_clock(zone, 2026):
            before, after = hour.astimezone(zone), (hour + timedelta(hours=1)).astimezone(zone)
            seen[hour, before.utcoffset(), after.utcoffset()] = (name, hour)
    return list(seen.values())


def test_half_past_four_in_the_night_counts_for_the_evening_before():
    ada = person("Europe/London", day_ends_at=5)
    assert ada.day_of(instant("2026-11-24T04:20:00+00:00")) == date(2026, 11, 23)
    assert ada.day_of(instant("2026-11-24T05:00:00+00:00")) == date(2026, 11, 24)


def test_the_same_instant_is_another_day_elsewhere():
    noon = instant("2026-11-24T12:00:00+00:00")
    assert person("Pacific/Kiritimati").day_of(noon) == date(2026, 11, 25)
    assert person("Pacific/Pago_Pago").day_of(noon) == date(2026, 11, 24)
    assert person("Pacific/Pago_Pago", day_ends_at=2).day_of(noon) == date(2026, 11, 23)


def test_an_instant_may_be_written_in_any_zone():
    ada = person("America/New_York")
    assert ada.day_of(instant("2026-11-24T05:30:00+01:00")) == date(2026, 11, 23)
    assert ada.day_of(datetime(2026, 11, 24, 1, tzinfo=ZoneInfo("America/New_York"))) == date(
        2026, 11, 24
    )


def test_a_day_that_has_begun_stays_begun_when_the_clock_is_turned_back():
    """On Chatham the clock goes from 03:45 to 02:45; at Troll from 03:00 to 01:00."""
    chatham = person("Pacific/Chatham", day_ends_at=3)
    assert chatham.day_of(instant("2026-04-04T13:10:00+00:00")) == date(2026, 4, 4)
    assert chatham.day_of(instant("2026-04-04T13:20:00+00:00")) == date(2026, 4, 5)
    assert chatham.day_of(instant("2026-04-04T14:05:00+00:00")) == date(2026, 4, 5)
    troll = person("Antarctica/Troll", day_ends_at=2)
    assert troll.day_of(instant("2026-10-25T01:30:00+00:00")) == date(2026, 10, 25)


def test_where_the_last_hour_is_left_out_the_day_ends_at_the_change():
    ada = person("America/New_York", day_ends_at=2)
    assert ada.day_of(instant("2026-03-08T06:59:59+00:00")) == date(2026, 3, 7)
    assert ada.day_of(instant("2026-03-08T07:00:00+00:00")) == date(2026, 3, 8)


@pytest.mark.parametrize("day_ends_at", range(13))
def test_days_never_run_backwards_around_any_change_of_any_clock(clock_changes, day_ends_at):
    for zone, change in clock_changes:
        user = person(zone, day_ends_at)
        around = [change + QUARTER * step for step in range(-4 * 14, 4 * 14)]
        days = [user.day_of(moment) for moment in around]
        assert days == sorted(days), zone
        assert days[-1] - days[0] <= timedelta(days=2), zone


@pytest.mark.parametrize("day_ends_at", [0, 1, 2, 3, 4, 12])
def test_around_any_change_the_day_is_the_clocks_day_or_has_begun_before(
    clock_changes, day_ends_at
):
    for zone, change in clock_changes:
        user, place = person(zone, day_ends_at), ZoneInfo(zone)
        for step in range(-4 * 6, 4 * 6):
            moment = change + QUARTER * step
            earlier = [(moment - QUARTER * n).astimezone(place) for n in range(4 * 4)]
            latest = max(shown.replace(tzinfo=None) for shown in earlier)
            day = (latest - timedelta(hours=day_ends_at)).date()
            assert user.day_of(moment) == day, (zone, moment)


@given(
    st.sampled_from(ZONES),
    st.integers(0, 12),
    st.datetimes(datetime(1975, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
)
def test_a_day_is_at_most_one_from_the_clock_of_any_zone(zone, day_ends_at, moment):
    local = moment.astimezone(ZoneInfo(zone)).date()
    assert local - person(zone, day_ends_at).day_of(moment) in (
        timedelta(days=-1),
        timedelta(0),
        timedelta(days=1),
    )


@given(
    st.sampled_from(ZONES),
    st.integers(0, 12),
    st.datetimes(datetime(1975, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_what_happens_later_never_counts_for_an_earlier_day(zone, day_ends_at, moment, later):
    user = person(zone, day_ends_at)
    assert user.day_of(moment) <= user.day_of(moment + later)


def test_old_zone_names_hold_on_a_system_without_them():
    try:
        reset_tzpath(to=[])
        pacific = ZoneInfo.no_cache("US/Pacific")
    finally:
        reset_tzpath(to=TZPATH)
    assert instant("2026-11-24T08:00Z").astimezone(pacific).hour == 0
