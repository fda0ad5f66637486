"""What a pretend homeserver tells of its rooms:
https://spec.matrix.org/latest/client-server-api/#syncing"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .rooms import Rooms

MESSAGE, REDACTION = "m.room.message", "m.room.redaction"


def happen(
    rooms: Rooms, room: str, *, name: str, sender: str, content: Any, kind: str = MESSAGE
) -> None:
    about = {"type": kind, "event_id": name, "sender": sender, "room_id": room}
    rooms.events.append({**about, "origin_server_ts": rooms.now, "content": content})


def find(rooms: Rooms, name: str) -> Record | None:
    return next((each for each in rooms.events if each["event_id"] == name), None)


def called(person: str) -> str:
    return f"@{person}:engines.example.org"


def replacing(name: str, content: Record) -> Record:
    """https://spec.matrix.org/latest/client-server-api/#event-replacements"""
    relation = {"rel_type": "m.replace", "event_id": name}
    fallback = {"body": f"* {content['body']}", "m.new_content": content, "m.relates_to": relation}
    return {**content, **fallback}


def take_back(rooms: Rooms, room: str, name: str, *, by: str) -> None:
    """Nothing is left of what it said; who said it stays."""
    redaction = f"{name}-redaction"
    happen(
        rooms, room, name=redaction, sender=called(by), content={"redacts": name}, kind=REDACTION
    )
    for each in rooms.events:
        if each["event_id"] == name:
            each.update(content={}, unsigned={"redacted_because": {"event_id": redaction}})


def sync(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """Of the rooms that the filter names, what has happened since, or the last of it."""
    query, until = request.query_params, len(rooms.events)
    asked, since = json.loads(query.get("filter", "{}")).get("room", {}), query.get("since", "")
    if rooms.settings.get("left"):
        told: Record = {"leave": {room: {"timeline": {"events": []}} for room in asked["rooms"]}}
        return JSONResponse({"next_batch": token(until), "rooms": told if since else {}})
    begin = number(since) if since else 0
    lines = {room: timeline(rooms, room, begin, asked["timeline"]) for room in asked["rooms"]}
    joined = {room: {"timeline": line} for room, line in lines.items() if line["events"]}
    return JSONResponse({"next_batch": token(until), "rooms": {"join": joined}})


def timeline(rooms: Rooms, room: str, begin: int, asked: Record) -> Record:
    """The last few: if there are more, where what comes before them is asked for."""
    events = list(of(rooms, room, asked["types"], range(begin, len(rooms.events))))
    kept = events[-asked["limit"] :]
    first = kept[0][0] if kept else begin
    shown = [without_room(event) for _, event in kept]
    return {"events": shown, "limited": len(kept) < len(events), "prev_batch": token(first)}


def messages(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3roomsroomidmessages:
    backwards from a token to another."""
    query = request.query_params
    types = json.loads(query["filter"])["types"]
    span = range(number(query["to"]), number(query["from"]))
    events = list(of(rooms, request.path_params["room"], types, span))
    page = events[-int(query["limit"]) :]
    chunk = [event for _, event in reversed(page)]
    more = {"end": token(page[0][0])} if len(page) < len(events) else {}
    return JSONResponse({"start": query["from"], "chunk": chunk, **more})


def of(
    rooms: Rooms, room: str, types: list[str], span: Iterable[int]
) -> Iterable[tuple[int, Record]]:
    happened = rooms.events
    numbered = ((at, happened[at]) for at in span)
    return (
        (at, each) for at, each in numbered if each["room_id"] == room and each["type"] in types
    )


def without_room(event: Record) -> Record:
    return {name: value for name, value in event.items() if name != "room_id"}


def token(at: int) -> str:
    return f"s{at}"


def number(token: str) -> int:
    return int(token.removeprefix("s"))
