"""What stands in a calendar, as calendar programs read it."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from django.conf import settings

from idonethis.feeds.tests.conftest import events, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(logs, ada):
    return logs(ada, "Wrote a program #engine", url="https://example.org/notes")


def test_an_entry_is_an_event_of_its_day_that_keeps_nobody_busy(of_all, entry, team):
    (event,) = events(of_all).values()
    assert event["SUMMARY"] == "Wrote a program #engine"
    assert event["DTSTART"].dt == entry.occurred_on and type(event["DTSTART"].dt) is date
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["URL"] == settings.BASE_URL + entry.get_absolute_url()
    assert event.categories == ["Done", "engine"]
    told = "Wrote a program #engine\nhttps://example.org/notes\nAnalytical Engines"
    assert event["DESCRIPTION"] == told


def test_it_keeps_its_name_when_it_is_edited_and_says_so(of_all, entry, ada):
    (before,) = events(of_all).values()
    entry.edit(kind="done", body="Wrote the first program")
    (after,) = events(of_all).values()
    assert after["UID"] == before["UID"] == f"{entry.hash_id}@testserver"
    assert after["SUMMARY"] == "Wrote the first program"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_what_is_removed_is_gone_and_what_is_restored_is_back(of_all, entry, ada):
    entry.delete_softly(by=ada)
    assert events(of_all) == {}
    entry.restore()
    assert len(events(of_all)) == 1


def test_goals_and_blockers_say_that_they_are_and_are_marked_once_they_are_done(of_all, logs, ada):
    goal = logs(ada, "Cast the gears", "goal")
    logs(ada, "No brass left", "blocked")
    assert set(events(of_all)) == {"Goal: Cast the gears", "Blocker: No brass left"}
    goal.complete(on=ada.today())
    marked = events(of_all)["✓ Goal: Cast the gears"]
    assert marked.categories == ["Goal", "Done"]
    assert "Cast the gears" in events(of_all)


def test_a_long_day_of_one_person_is_one_event_with_all_in_it(of_team, logs, ada, grace):
    for number in range(5):
        logs(ada, f"Gear {number}")
    logs(grace, "Found a moth")
    assert len(events(of_team)) == 6
    logs(ada, "Cast the rest", "goal")
    day = events(of_team)["Ada Lovelace: 5 done, 1 planned"]
    assert set(events(of_team)) == {"Ada Lovelace: 5 done, 1 planned", "Grace Hopper: Found a moth"}
    assert day["DESCRIPTION"].splitlines()[:2] == ["○ Cast the rest", "✓ Gear 4"]
    logs(ada, "Gear 6")
    assert events(of_team)["Ada Lovelace: 6 done, 1 planned"]["UID"] == day["UID"]


def test_the_calendar_says_how_it_is_called_and_when_to_come_again(of_team):
    answer = read(of_team.calendar_url)
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Analytical Engines (I Done This)"
    assert calendar["METHOD"] == "PUBLISH" and calendar["VERSION"] == "2.0"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in answer.content


def test_a_long_text_is_cut_in_the_title_alone(of_all, logs, ada):
    logs(ada, "Turned the crank " * 20)
    (event,) = events(of_all).values()
    assert len(event["SUMMARY"]) == 120 and event["SUMMARY"].endswith("…")
    assert event["DESCRIPTION"].count("Turned the crank") == 20
