"""What happens in one room: https://spec.matrix.org/latest/client-server-api/#syncing"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import Again, Client, Failed, Gone, line, record, records

#: How many events an answer may hold, and how many answers are asked for after a long silence.
MOST_EVENTS, MOST_PAGES = 100, 10
MESSAGE, REDACTION = "m.room.message", "m.room.redaction"
#: Asks for nothing.
NONE: Mapping[str, Any] = {"types": []}


def news(client: Client, room: str, *, since: str) -> tuple[list[Mapping[str, Any]], str]:
    """What has happened since then, oldest first, and until when that was; without ``since``
    nothing but the latter."""
    said = _asked(client, room, since=since, most=MOST_EVENTS if since else 1)
    rooms, until = record(said.get("rooms")), line(said.get("next_batch"))
    if not until:
        raise Again("Matrix did not say until when it told.")
    if room in record(rooms.get("leave")):
        raise Gone("The account is not in the room any more.")
    timeline = record(record(record(rooms.get("join")).get(room)).get("timeline"))
    return (_whole(client, room, timeline, since=since) if since else []), until


def _asked(client: Client, room: str, *, since: str, most: int) -> Mapping[str, Any]:
    """At once: it waits for nothing to happen."""
    asked = {"filter": json.dumps(filtered(room, most)), "timeout": 0, "set_presence": "offline"}
    return record(client.get("/sync", params={**asked, **({"since": since} if since else {})}).json)


def filtered(room: str, most: int) -> Mapping[str, Any]:
    """https://spec.matrix.org/latest/client-server-api/#filtering"""
    timeline = {"types": [MESSAGE, REDACTION], "limit": most}
    inside = {"rooms": [room], "timeline": timeline, "state": NONE, "ephemeral": NONE}
    return {"presence": NONE, "account_data": NONE, "room": {**inside, "account_data": NONE}}


def _whole(
    client: Client, room: str, timeline: Mapping[str, Any], *, since: str
) -> list[Mapping[str, Any]]:
    """Also where more has happened than one answer holds; what is still older is let go."""
    events = records(timeline.get("events"))
    begin = line(timeline.get("prev_batch")) if timeline.get("limited") else ""
    for _ in range(MOST_PAGES):
        if not begin:
            break
        page = _before(client, room, begin=begin, since=since)
        events = [*reversed(records(page.get("chunk"))), *events]
        begin = line(page.get("end"))
    return events


def _before(client: Client, room: str, *, begin: str, since: str) -> Mapping[str, Any]:
    wanted = {"types": [MESSAGE, REDACTION]}
    span = {"dir": "b", "from": begin, "to": since, "limit": MOST_EVENTS}
    path = f"/rooms/{quoted(room)}/messages"
    return record(client.get(path, params={**span, "filter": json.dumps(wanted)}).json)


def sender_of(client: Client, room: str, event: str) -> str:
    """Who said what was taken back since; nothing, where it was no message or is not shown. Whoever
    takes it back may be a moderator."""
    try:
        found = record(client.get(f"/rooms/{quoted(room)}/event/{quoted(event)}").json)
    except Again:
        raise
    except Failed:
        return ""
    return line(found.get("sender")) if found.get("type") == MESSAGE else ""


def is_encrypted(client: Client, room: str) -> bool:
    answer = client.send("GET", f"/rooms/{quoted(room)}/state/m.room.encryption")
    if answer.status == 404:
        return False
    client.judge(answer, "")
    return True


def name_of(client: Client, room: str) -> str:
    try:
        said = client.get(f"/rooms/{quoted(room)}/state/m.room.name").json
    except Failed:
        return room
    return line(record(said).get("name")) or room


def send(client: Client, room: str, transaction: str, body: Mapping[str, Any]) -> str:
    """The event's id. The same transaction counts once."""
    path = f"/rooms/{quoted(room)}/send/{MESSAGE}/{quoted(transaction)}"
    return line(record(client.call("PUT", path, json=body).json).get("event_id"))


def quoted(part: str) -> str:
    return quote(part, safe="")
