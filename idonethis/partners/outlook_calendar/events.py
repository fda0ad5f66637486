"""One event as Microsoft tells it: https://learn.microsoft.com/en-us/graph/api/resources/event"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any

from idonethis.integrations.base import fingerprint, instant, line, record, records
from idonethis.integrations.kits.calendars import CANCELLED, Occurrence, whole

PRIVATE = ("personal", "private", "confidential")
#: Neither absences nor where somebody works are anything that they got done.
AWAY = ("oof", "workingElsewhere")
LONGEST_ID = 150


def is_work(event: Mapping[str, Any]) -> bool:
    return bool(event.get("id")) and event.get("showAs") not in AWAY


def occurrence(event: Mapping[str, Any]) -> Occurrence:
    """As ``Calendars`` reads it; the title of what is private stays there."""
    is_private = event.get("sensitivity") in PRIVATE
    invited = [each for each in records(event.get("attendees")) if each.get("type") != "resource"]
    starts, ends = _iso(event.get("start")), _iso(event.get("end"))
    return {
        "id": _id(line(event.get("id"))),
        "title": "" if is_private else line(event.get("subject")),
        "starts": starts,
        "ends": ends,
        "day": _last_day(starts, ends) if event.get("isAllDay") is True else "",
        "status": CANCELLED if event.get("isCancelled") is True else "",
        "free": event.get("showAs") == "free",
        "private": is_private,
        "declined": _says(event.get("responseStatus")) == "DECLINED",
        "url": "" if is_private else line(event.get("webLink")),
        "organizer": _person(record(event.get("organizer"))),
        "attendees": [_person(each) for each in invited],
        "changed": line(event.get("lastModifiedDateTime")),
    }


def _id(given: str) -> str:
    return given if len(given) <= LONGEST_ID else fingerprint(given.encode())


def _iso(moment: Any) -> str:
    """In UTC, as we ask for it; empty where it makes no sense."""
    at = instant(line(record(moment).get("dateTime")))
    return at.astimezone(UTC).isoformat() if at else ""


def _last_day(starts: str, ends: str) -> str:
    """The day before the one at whose first moment it ends."""
    begin, end = whole(starts[:10]), whole(ends[:10])
    if not (begin and end):
        return ""
    return str(max(begin, end - timedelta(days=1) if end > date.min else end))


def _person(said: Mapping[str, Any]) -> Mapping[str, str]:
    named = record(said.get("emailAddress"))
    mail, name = line(named.get("address")).lower(), line(named.get("name"))
    return {"email": mail, "name": name, "says": _says(said.get("status"))}


def _says(status: Any) -> str:
    return line(record(status).get("response")).upper()
