from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from idonethis.mailing.clock import EVERY_DAY, WEEKDAYS, next_time

BERLIN, NEW_YORK, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), "Pacific/Apia"


def utc(*numbers):
    return datetime(*numbers, tzinfo=UTC)


def times(at, zone, *, after, count, days=EVERY_DAY):
    found = []
    for _ in range(count):
        after = next_time(at, zone, days, after=after)
        found.append(after)
    return found


def test_five_in_the_afternoon_is_a_time_of_the_persons_own_zone():
    after = utc(2026, 11, 27)
    assert next_time(time(17), BERLIN, WEEKDAYS, after=after) == utc(2026, 11, 27, 16)
    assert next_time(time(17), NEW_YORK, WEEKDAYS, after=after) == utc(2026, 11, 27, 22)


def test_after_friday_comes_monday():
    assert next_time(time(17), BERLIN, WEEKDAYS, after=utc(2026, 11, 27, 16)) == utc(
        2026, 11, 30, 16
    )


def test_a_time_that_the_clock_skips_comes_once_that_day():
    """At two the clock of Berlin goes on to three on the 29th of March 2026."""
    found = times(time(2, 30), BERLIN, after=utc(2026, 3, 28), count=3)
    assert found == [utc(2026, 3, 28, 1, 30), utc(2026, 3, 29, 1, 30), utc(2026, 3, 30, 0, 30)]


def test_a_time_that_the_clock_shows_twice_comes_once():
    """At three it goes back to two on the 25th of October 2026."""
    found = times(time(2, 30), BERLIN, after=utc(2026, 10, 24, 12), count=2)
    assert found == [utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)]
    between = utc(2026, 10, 25, 1, 0)
    assert next_time(time(2, 30), BERLIN, EVERY_DAY, after=between) == utc(2026, 10, 26, 1, 30)


def test_a_day_that_an_island_skips_is_no_day():
    """Samoa had no 30th of December 2011."""
    found = times(time(17), ZoneInfo(APIA), after=utc(2011, 12, 29, 12), count=3)
    assert found == [utc(2011, 12, 30, 3), utc(2011, 12, 31, 3), utc(2012, 1, 1, 3)]


def test_no_day_no_time():
    assert next_time(time(17), BERLIN, (), after=utc(2026, 11, 27)) is None


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", APIA])
@pytest.mark.parametrize("at", [time(0), time(2, 30), time(17), time(23, 59)])
def test_there_is_one_each_day_all_year(zone, at):
    found = times(at, ZoneInfo(zone), after=utc(2026, 1, 1, 12), count=365)
    assert found == sorted(set(found))
    gaps = {later - earlier for earlier, later in zip(found, found[1:], strict=False)}
    assert min(gaps) >= timedelta(hours=23) and max(gaps) <= timedelta(hours=25)
