"""Days as programs and people write them, and those that nobody can read for certain."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from idonethis.porting.reading.days import Order, Spelling

SAME_DAY = [
    "2015-03-20", "2015/03/20", "2015-3-20", "20150320", "2015-03-20T23:30:00Z",
    "2015-03-20 23:30:00 UTC", "2015-03-20 23:30:00 -0800", "20.03.2015", "20.3.2015 17:00",
    "20 March 2015", "20 Mar 2015", "March 20, 2015", "Mar 20, 2015", "Mar 20th, 2015",
    "Friday, 20 March 2015", "20-Mar-2015", "Fri, 20 Mar 2015 23:30:00 +0000",
    "03/20/2015", "20/03/2015",
]  # fmt: skip


@pytest.mark.parametrize("text", SAME_DAY)
def test_a_day_is_read_however_it_is_written(text):
    assert Spelling(Order.of([text])).day(text) == date(2015, 3, 20)


@pytest.mark.parametrize(
    "text",
    [
        "2015-03-20T17:30:00Z", "2015-03-20 17:30:00 UTC", "2015-03-20 17:30", "2015-03-20 5:30 PM",
        "2015-03-20T09:30:00-08:00", "2015-03-20 18:30:00 +0100", "2015-03-20T17:30:00.000000Z",
        "03/20/2015 5:30 pm", "Fri, 20 Mar 2015 17:30:00 GMT", "20150320T17:30:00Z",
        "March 20, 2015 17:30",
    ],
)  # fmt: skip
def test_an_instant_is_read_however_it_is_written(text):
    found = Spelling(Order.of([text])).instant(text)
    assert found == datetime(2015, 3, 20, 17, 30, tzinfo=UTC)


def test_of_an_instant_no_fraction_is_lost():
    found = Spelling().instant("2015-03-20T17:30:00.123456Z")
    assert found.microsecond == 123456


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2015-13-01", "2015-02-30", "99999-01-01", "1/2/3", "0000-00-00", "２０１５"],
)
def test_what_is_no_day_is_said_to_be_none(text):
    with pytest.raises(ValueError, match="is no day"):
        Spelling().day(text)


@pytest.mark.parametrize("text", ["2015-03-20 25:00", "2015-03-20 noon", "2015-03-20 10:00 Mars"])
def test_what_is_no_instant_is_said_to_be_none(text):
    with pytest.raises(ValueError, match="is no instant"):
        Spelling().instant(text)


def test_other_rows_of_a_file_say_which_of_two_days_is_meant():
    assert Spelling(Order.of(["3/2/2015", "3/20/2015"])).day("3/2/2015") == date(2015, 3, 2)
    assert Spelling(Order.of(["3/2/2015", "20/3/2015"])).day("3/2/2015") == date(2015, 2, 3)


@pytest.mark.parametrize("others", [[], ["20/3/2015", "3/20/2015"]])
def test_where_nothing_says_so_no_day_is_guessed(others):
    with pytest.raises(ValueError, match="may be two days"):
        Spelling(Order.of(others)).day("3/2/2015")


def test_a_day_that_reads_the_same_both_ways_needs_no_guess():
    assert Spelling().day("2/2/2015") == date(2015, 2, 2)
