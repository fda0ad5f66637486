"""Pretend Matrix: https://spec.matrix.org/latest/client-server-api/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .app import Call, Chat, Talk
from .rooms import Rooms

TOKEN = "syt_a-token-of-the-pretend-homeserver"  # noqa: S105
ROOM = "!done:engines.example.org"
BASE = "/_matrix/client/v3"


def error(code: str, sentence: str, status: int) -> Response:
    return JSONResponse({"errcode": code, "error": sentence}, status)


def turned_away(request: Request) -> Response | None:
    if request.headers.get("authorization") == f"Bearer {TOKEN}":
        return None
    return error("M_UNKNOWN_TOKEN", "Invalid access token passed.", 401)


def whoami(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    about = {"user_id": "@done:engines.example.org", "device_id": "DONE", "is_guest": False}
    return JSONResponse(about)


def joined(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse({"joined_rooms": list(rooms.titles)})


def named(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    title = rooms.titles.get(request.path_params["room"])
    return JSONResponse({"name": title}) if title else error("M_NOT_FOUND", "No such room.", 404)


def send(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """The same transaction again is the same event. An event that replaces another changes it."""
    room, once = request.path_params["room"], request.path_params["transaction"]
    if room not in rooms:
        return error("M_FORBIDDEN", "You are not in this room.", 403)
    relation = said.get("m.relates_to") or {}
    if relation.get("rel_type") == "m.replace":
        rooms.edit(number_of(relation["event_id"]), said["m.new_content"]["body"])
        return JSONResponse({"event_id": f"$edit-{once}"})
    return JSONResponse({"event_id": f"${rooms.post(room, str(said.get('body')), once=once)}"})


def redact(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    rooms.remove(number_of(request.path_params["event"]))
    return JSONResponse({"event_id": f"$redaction-{request.path_params['transaction']}"})


def number_of(event: str) -> int:
    return int(event.removeprefix("$"))


class Matrix(Chat):
    name: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Matrix"
    talk = Talk(
        calls=(
            Call("GET", f"{BASE}/account/whoami", whoami),
            Call("GET", f"{BASE}/joined_rooms", joined),
            Call("GET", f"{BASE}/rooms/{{room}}/state/m.room.name", named),
            Call("PUT", f"{BASE}/rooms/{{room}}/send/m.room.message/{{transaction}}", send),
            Call("PUT", f"{BASE}/rooms/{{room}}/redact/{{event}}/{{transaction}}", redact),
        ),
        rooms={ROOM: "Done"},
        turns_away=turned_away,
        refusals={
            "429": (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1000}),
            "500": (500, {"errcode": "M_UNKNOWN"}),
            "expired": (401, {"errcode": "M_UNKNOWN_TOKEN"}),
            "revoked": (401, {"errcode": "M_UNKNOWN_TOKEN"}),
        },
    )
