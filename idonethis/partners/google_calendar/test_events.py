"""What Google tells of an event, as it may be told: null, missing, or of another shape."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from idonethis.entries.drafts import NOBODY, Draft, Retract
from idonethis.integrations import registry
from idonethis.integrations.base import Hook, Ignored, Response
from idonethis.integrations.examples import told
from idonethis.integrations.kits.calendars import Zone
from idonethis.integrations.kits.looks import Look, hook_of
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.quality import Grade, marks
from idonethis.partners.google_calendar.events import occurrence

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
YORK = Zone.of("America/New_York")
EVENT = {
    "id": "7wheel1842",
    "status": "confirmed",
    "summary": "Cast wheel 7",
    "htmlLink": "https://www.google.com/calendar/event?eid=d2hlZWwtNw",
    "start": {"dateTime": "2026-11-23T09:00:00+01:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2026-11-23T10:30:00+01:00", "timeZone": "Europe/Berlin"},
    "creator": {"email": "Ada@Example.org", "self": True},
    "organizer": {"email": "Ada@Example.org", "displayName": "Ada Lovelace", "self": True},
    "attendees": [
        {"email": "grace@example.org", "responseStatus": "accepted"},
        {"email": "hall@resource.calendar.google.com", "resource": True},
    ],
    "sequence": 1,
    "updated": "2026-11-20T08:00:00.000Z",
}


@pytest.fixture
def integration():
    return registry.integrations()["google_calendar"]


def of(**changes):
    return occurrence({**EVENT, **changes}, YORK)


def test_an_event_says_when_it_ends_wherever_that_is():
    said = of()
    assert said["ends"] == "2026-11-23T09:30:00+00:00" and said["day"] == ""
    assert said["organizer"] == {"email": "ada@example.org", "name": "Ada Lovelace", "says": ""}


def test_rooms_are_nobody():
    assert [each["email"] for each in of()["attendees"]] == ["grace@example.org"]


def test_days_are_over_where_the_calendar_is():
    said = of(start={"date": "2026-11-20"}, end={"date": "2026-11-23"})
    assert (said["day"], said["ends"]) == ("2026-11-22", "2026-11-23T05:00:00+00:00")


def test_the_words_of_what_is_private_stay_there():
    assert "wheel" not in str(of(visibility="private", id="1")).lower()


HOSTILE = [None, "", 0, -1, [], {}, [None], {"a": 1}, "x" * 5000, "9999-12-31", "0001-01-01", True]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("name", EVENT)
def test_whatever_else_stands_there_breaks_nothing(integration, name, value):
    days = [{"date": value}, {"dateTime": value}] if name in ("start", "end") else []
    for given in (value, *days):
        said = of(**{name: given})
        polled = Look(NOW, {"since": "2026-11-01T00:00:00+00:00"}).found([said], token="")
        for hook in polled.hooks:
            assert list(integration.read(hook, PlainLink()))


def test_a_long_name_is_shortened_and_stays_another():
    one, two = of(id="a" * 1024), of(id="a" * 1023 + "b")
    assert len(one["id"]) <= 150 and one["id"] != two["id"]


@pytest.mark.parametrize("cursor", [{"told": None}, {"told": {"7wheel1842": None}}, {"until": "x"}])
def test_a_cursor_of_another_version_breaks_nothing(cursor):
    assert Look(NOW, cursor).found([of()], token="t").cursor["token"] == "t"


def test_at_the_first_look_nothing_is_news():
    polled = Look(NOW, {}).found([of()], token="t")
    assert polled.hooks == () and polled.cursor["since"] == NOW.isoformat()


def test_the_same_is_told_in_the_same_words():
    before = {"since": "2026-11-01T00:00:00+00:00", "until": NOW.isoformat()}
    first, again = (Look(NOW, before).found([of(), of()], token="t").hooks for _ in range(2))
    assert len(first) == 1 and first[0].body == again[0].body == hook_of(of(), NOW).body


def test_by_default_it_is_of_whose_link_it_is(integration):
    (draft,) = integration.hook(hook_of(of(), NOW), PlainLink())
    assert isinstance(draft, Draft) and draft.actor == NOBODY


def test_nobody_is_vouched_for_by_an_invitation(integration):
    for whose in ("organizer", "attendees"):
        (draft,) = integration.hook(hook_of(of(), NOW), PlainLink(config={"whose": whose}))
        assert draft.actor.email and not draft.actor.vouched


def test_the_first_message_of_a_channel_is_answered_and_others_are_not(integration):
    said = {"x-goog-resource-state": "sync"}
    assert integration.challenge(Hook(b"", said)) == Response()
    assert integration.challenge(Hook(b"", {"x-goog-resource-state": "exists"})) is None


def test_fixtures_say_what_google_says(integration):
    kinds = {type(event) for event in told(integration)}
    assert {Draft, Retract, Ignored} == kinds


def test_it_can_be_relied_on_by_these_marks(integration):
    grades = {mark.about: mark.grade for mark in marks(integration)}
    full = ("Signature", "Once", "Removal", "Health", "Backfill")
    assert all(grades[about] is Grade.FULL for about in full)
