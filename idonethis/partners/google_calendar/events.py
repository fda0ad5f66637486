"""One event as Google tells it: https://developers.google.com/workspace/calendar/api/v3/reference/events

Of one that recurs, each occurrence is an event with an id of its own, which it keeps when it is
moved. One that is cancelled may have no more than its id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any

from idonethis.integrations.base import fingerprint, instant, line, record, records
from idonethis.integrations.kits.calendars import CANCELLED, Occurrence, Zone, whole

PRIVATE = ("private", "confidential")
#: At the end of the address of what is no person, but a calendar of several.
SHARED = "calendar.google.com"
LONGEST_ID = 150


def occurrence(event: Mapping[str, Any], zone: Zone) -> Occurrence:
    """As ``Calendars`` reads it; the title of what is private stays there. ``zone`` is where days
    are meant."""
    start, end = record(event.get("start")), record(event.get("end"))
    is_private = event.get("visibility") in PRIVATE
    invited = [each for each in records(event.get("attendees")) if not each.get("resource")]
    return {
        "id": _id(line(event.get("id"))),
        "title": "" if is_private else line(event.get("summary")),
        "starts": _iso(start, zone),
        "ends": _iso(end, zone),
        "day": _last_day(line(start.get("date")), line(end.get("date"))),
        "status": CANCELLED if event.get("status") == "cancelled" else "",
        "free": event.get("transparency") == "transparent",
        "private": is_private,
        "declined": any(each.get("self") is True and _says(each) == "DECLINED" for each in invited),
        "url": "" if is_private else line(event.get("htmlLink")),
        "organizer": _organizer(event),
        "attendees": [_person(each) for each in invited],
        "changed": f"{line(event.get('sequence'))}/{line(event.get('updated'))}",
    }


def _id(given: str) -> str:
    return given if len(given) <= LONGEST_ID else fingerprint(given.encode())


def _iso(moment: Mapping[str, Any], zone: Zone) -> str:
    """In UTC; empty where it makes no sense, or where nothing is said."""
    day = whole(line(moment.get("date")))
    at = instant(line(moment.get("date")) or line(moment.get("dateTime")))
    if at is None:
        return ""
    return (zone.instant(day) if day else at.astimezone(UTC)).isoformat()


def _last_day(first: str, after: str) -> str:
    """The day before the one that Google calls its end; empty where it does not last whole days."""
    begin, end = whole(first), whole(after)
    if not (begin and end):
        return ""
    return str(max(begin, end - timedelta(days=1) if end > date.min else end))


def _organizer(event: Mapping[str, Any]) -> Mapping[str, str]:
    """In a calendar of several, the calendar itself organises; then it is of who wrote it down."""
    organizer = _person(record(event.get("organizer")))
    is_shared = organizer["email"].endswith(SHARED)
    return _person(record(event.get("creator"))) if is_shared else organizer


def _person(said: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        "email": line(said.get("email")).lower(),
        "name": line(said.get("displayName")),
        "says": _says(said),
    }


def _says(person: Mapping[str, Any]) -> str:
    return line(person.get("responseStatus")).upper()
