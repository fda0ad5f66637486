"""One occurrence of an event, as the hook that a calendar would send if it could send any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import icalendar

from idonethis.integrations.base import fingerprint, line
from idonethis.integrations.kits.calendars import MOST_PEOPLE, Occurrence, Zone

#: What is invited besides people: https://www.rfc-editor.org/rfc/rfc5545#section-3.2.3
THINGS = ("ROOM", "RESOURCE")
PRIVATE = ("PRIVATE", "CONFIDENTIAL")


def occurrence(event: icalendar.Component, which: str, *, zone: Zone) -> Occurrence:
    """``which`` of them it is, where the event recurs. ``day`` is its last, where it lasts whole
    days. The title of what is private stays in the calendar."""
    begin: Any = event["DTSTART"]
    end: Any = event["DTEND"]
    starts, ends = begin.dt, end.dt
    whole_days = not isinstance(ends, datetime)
    is_private = text(event, "CLASS").upper() in PRIVATE
    uid = text(event, "UID") or fingerprint(event.to_ical())
    return {
        "id": f"{uid if len(uid) <= 150 else fingerprint(uid.encode())}:{which}",
        "title": "" if is_private else line(text(event, "SUMMARY")),
        "starts": zone.instant(starts).isoformat(),
        "ends": max(zone.instant(starts), zone.instant(ends)).isoformat(),
        "day": str(max(starts, ends - timedelta(days=1))) if whole_days else "",
        "status": text(event, "STATUS").upper(),
        "free": text(event, "TRANSP").upper() == "TRANSPARENT",
        "private": is_private,
        "url": "" if is_private else line(text(event, "URL")),
        "organizer": next(people(event, "ORGANIZER"), {}),
        "attendees": list(people(event, "ATTENDEE"))[:MOST_PEOPLE],
        # What is changed there and back again is told three times.
        "changed": f"{text(event, 'SEQUENCE')}/{text(event, 'LAST-MODIFIED')}",
    }


def people(event: icalendar.Component, role: str) -> Iterator[Mapping[str, str]]:
    found: Any = event.get(role) or []
    for each in found if isinstance(found, list) else [found]:
        scheme, _, address = str(each).partition(":")
        said = {name: line(str(value)) for name, value in each.params.items()}
        if scheme.lower() == "mailto" and said.get("CUTYPE", "").upper() not in THINGS:
            yield {
                "email": line(address).lower(),
                "name": said.get("CN", ""),
                "says": said.get("PARTSTAT", "").upper(),
            }


def text(component: icalendar.Component, name: str) -> str:
    """Of a property that stands there more than once, the first."""
    found: Any = component.get(name)
    first = next(iter(found), None) if isinstance(found, list) else found
    if first is None:
        return ""
    return first.to_ical().decode() if hasattr(first, "dt") else str(first)
