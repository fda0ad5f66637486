"""Pretend Matrix: https://spec.matrix.org/latest/client-server-api/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..control import Action
from ..params import BadParam, Params
from ..store import Record
from . import matrix_sync as syncing
from .app import Call, Chat, Talk
from .matrix_sync import happen
from .rooms import Rooms
from .voice import PEOPLE

ME = "@done:engines.example.org"
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
    about = {"user_id": ME, "device_id": "DONE", "is_guest": False}
    return JSONResponse(about)


def joined(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse({"joined_rooms": list(rooms.titles)})


def named(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    title = rooms.titles.get(request.path_params["room"])
    return JSONResponse({"name": title}) if title else error("M_NOT_FOUND", "No such room.", 404)


def encryption(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if not rooms.settings.get("encrypted"):
        return error("M_NOT_FOUND", "Event not found.", 404)
    return JSONResponse({"algorithm": "m.megolm.v1.aes-sha2"})


def event(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    found = syncing.find(rooms, request.path_params["event"])
    return JSONResponse(found) if found else error("M_NOT_FOUND", "Event not found.", 404)


def send(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """The same transaction again is the same event. An event that replaces another changes it."""
    room, once = request.path_params["room"], request.path_params["transaction"]
    if room not in rooms or rooms.settings.get("mute"):
        return error("M_FORBIDDEN", "You are not in this room.", 403)
    relation = said.get("m.relates_to") or {}
    if relation.get("rel_type") == "m.replace":
        rooms.edit(number_of(relation["event_id"]), said["m.new_content"]["body"])
        return JSONResponse({"event_id": f"$edit-{once}"})
    name = f"${rooms.post(room, str(said.get('body')), once=once)}"
    if not syncing.find(rooms, name):
        happen(rooms, room, name=name, sender=ME, content=dict(said))
    return JSONResponse({"event_id": name})


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
            Call("GET", f"{BASE}/rooms/{{room}}/state/m.room.encryption", encryption),
            Call("GET", f"{BASE}/rooms/{{room}}/event/{{event}}", event),
            Call("GET", f"{BASE}/rooms/{{room}}/messages", syncing.messages),
            Call("GET", f"{BASE}/sync", syncing.sync),
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

    def actions(self) -> dict[str, Action]:
        own = {"say": self._say, "redact": self._redact, "be": self._be}
        return {**super().actions(), **own}

    async def _say(self, params: Params, origin: str) -> Record:
        """Say `text` as `person` in `room`, or in place of what stands in `message`; as text, or as
        another `kind` of message."""
        who, text = params.text("person", "ada"), params.text("text", "")
        room, before = params.text("room", ROOM), params.number("message", 0)
        if who not in PEOPLE or room not in self.rooms:
            raise BadParam("there is no such person or room")
        content = {"msgtype": params.text("kind", "m.text"), "body": text}
        if before:
            content = syncing.replacing(f"${before}", content)
            self.rooms.edit(before, text)
        number = self.rooms.post(room, text, who=PEOPLE[who].name)
        happen(self.rooms, room, name=f"${number}", sender=syncing.called(who), content=content)
        return {"message": number}

    async def _redact(self, params: Params, origin: str) -> Record:
        """Take `message` back, as `person`."""
        number = params.number("message", 0)
        self.rooms.remove(number)
        syncing.take_back(self.rooms, ROOM, f"${number}", by=params.text("person", "ada"))
        return {"said": f"{number} is gone"}

    async def _be(self, params: Params, origin: str) -> Record:
        """Be `encrypted`, `mute` (nobody may write) or `left` (the account was put out), or not."""
        asked = {name: bool(params.text(name, "")) for name in ("encrypted", "mute", "left")}
        self.rooms.settings.update(asked)
        return asked
