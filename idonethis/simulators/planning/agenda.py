"""The events of pretend calendars, as they are kept and as they are listed.

https://developers.google.com/workspace/calendar/api/v3/reference/events/list"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from ..store import Record

ZONE = "Europe/London"
#: What is not shown of an event.
HIDDEN = ("calendar", "version")
#: These cannot be said together with a sync token.
NOT_WITH_TOKEN = ("iCalUID", "orderBy", "q", "timeMin", "timeMax", "updatedMin")


class Wrong(Exception):
    """What is wrong with a question: the status, the reason and a sentence."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(status, reason, message)
        self.answer = (status, reason, message)


def token_of(said: Record) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode()


def said_by(token: str) -> Record:
    """Raises Wrong for a token that nobody gave out."""
    try:
        said = json.loads(base64.urlsafe_b64decode(token.encode()))
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Wrong(400, "invalid", "Invalid token.")
    return said


def moment(said: Record) -> datetime:
    """Of a day, its first moment where the calendar is."""
    if "date" in said:
        day = datetime.combine(datetime.fromisoformat(said["date"]).date(), time())
        return day.replace(tzinfo=ZoneInfo(ZONE))
    return datetime.fromisoformat(said["dateTime"])


def occurrences(events: Iterable[Record]) -> Iterator[Record]:
    """Each one alone; those of a series that were changed stand for themselves."""
    kept = {event["id"]: event for event in events}
    for event in kept.values():
        if "recurrence" not in event:
            yield event
        else:
            yield from (each for each in series(event) if each["id"] not in kept)


def series(event: Record) -> Iterator[Record]:
    """Of the rules of RFC 5545 this knows but one: daily, so many times."""
    count = re.fullmatch(r"RRULE:FREQ=DAILY;COUNT=(\d+)", event["recurrence"][0])
    for number in range(int(count[1]) if count else 0):
        start, end = (moment(event[name]) + number * timedelta(days=1) for name in ("start", "end"))
        yield {
            **{name: value for name, value in event.items() if name != "recurrence"},
            "id": f"{event['id']}_{start.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            "recurringEventId": event["id"],
            "originalStartTime": {"dateTime": start.isoformat()},
            "start": {"dateTime": start.isoformat()},
            "end": {"dateTime": end.isoformat()},
        }


def chosen(events: Iterable[Record], query: QueryParams, *, oldest: int) -> list[Record]:
    """What is asked for. Raises Wrong."""
    kinds = query.getlist("eventTypes")
    found = [each for each in occurrences(events) if not kinds or each["eventType"] in kinds]
    if "syncToken" in query:
        since = _since(query, oldest)
        return [each for each in found if each["version"] > since]
    begin, end = _span(query)
    found = [each for each in found if _lies_in(each, begin, end)]
    return found if query.get("showDeleted") == "true" else [e for e in found if _is_on(e)]


def _is_on(event: Record) -> bool:
    return bool(event["status"] != "cancelled")


def _since(query: QueryParams, oldest: int) -> int:
    if any(name in query for name in NOT_WITH_TOKEN):
        raise Wrong(400, "badRequest", "A sync token goes with no other restriction.")
    version = int(said_by(query["syncToken"]).get("version", -1))
    if version < oldest:
        raise Wrong(
            410, "fullSyncRequired", "Sync token is no longer valid, a full sync is needed."
        )
    return version


def _span(query: QueryParams) -> tuple[datetime | None, datetime | None]:
    begin, end = (_instant(query.get(name)) for name in ("timeMin", "timeMax"))
    if begin and end and begin >= end:
        raise Wrong(400, "timeRangeEmpty", "The specified time range is empty.")
    return begin, end


def _instant(text: str | None) -> datetime | None:
    """Raises Wrong for a time without an offset."""
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        parsed = datetime.min
    if parsed.tzinfo is None:
        raise Wrong(400, "badRequest", "Bad Request")
    return parsed


def _lies_in(event: Record, begin: datetime | None, end: datetime | None) -> bool:
    """Bounds are exclusive: the first for ends, the second for starts."""
    after = begin is None or moment(event["end"]) > begin
    return after and (end is None or moment(event["start"]) < end)


def shown(event: Record, mail: str, most: int) -> Record:
    """To whom this mail address belongs. Of what is cancelled, no more than is promised."""
    if not _is_on(event):
        return {"kind": "calendar#event", "id": event["id"], "status": "cancelled"}
    seen = {name: value for name, value in event.items() if name not in HIDDEN}
    invited = [_marked(each, mail) for each in event.get("attendees", [])]
    if len(invited) > most:
        invited = [each for each in invited if each.get("self")]
    people = {name: _marked(event[name], mail) for name in ("creator", "organizer")}
    return {"kind": "calendar#event", **seen, **people, "attendees": invited}


def _marked(person: Record, mail: str) -> Record:
    return {**person, "self": True} if person["email"] == mail else dict(person)
