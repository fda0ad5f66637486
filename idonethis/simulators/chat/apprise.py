"""A pretend Apprise API, which keeps addresses under keys: https://github.com/caronc/apprise-api"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..control import Action
from ..params import Params
from ..store import Record
from .app import Call, Chat, Talk
from .rooms import Rooms

KEY = "key-of-the-pretend-team"
#: Its administrator lets nobody look at what is kept, and wants a tag named.
LOCKED = "key-that-is-locked"
#: It asks for a user and a password.
GUARDED = "key-with-a-password"
PASSWORD = "password-of-the-pretend-team"  # noqa: S105
#: One of its addresses cannot be reached.
BROKEN = "key-that-leads-nowhere"
TAG = "team"
TYPES = ("info", "success", "warning", "failure")


def error(sentence: str, status: int) -> Response:
    return JSONResponse({"error": sentence}, status)


def turned_away(request: Request) -> Response | None:
    pair = base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
    named = request.path_params["key"]
    if named == GUARDED and request.headers.get("authorization") != f"Basic {pair}":
        return error("Access Denied", 401)
    return None


def urls(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    key = request.path_params["key"]
    if key == LOCKED:
        return error("The site has been configured to deny this request", 403)
    if key not in rooms:
        return Response(status_code=204)
    shown = "mailto://****" if request.query_params.get("privacy") == "1" else "mailto://secret"
    return JSONResponse({"tags": [TAG], "urls": [{"url": shown, "tags": [TAG]}]})


def notify(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    key, tag = request.path_params["key"], said.get("tag")
    if key == LOCKED and tag in (None, "all"):
        return error("A specific tag other than 'all' is required for this configuration", 400)
    if not said.get("body") or said.get("type", "info") not in TYPES:
        return error("Payload lacks minimum requirements", 400)
    if key not in rooms:
        return Response(status_code=204)
    if tag not in ("all", TAG):
        return error("One or more notification could not be sent", 424)
    rooms.post(key, f"{said.get('title', '')}\n{said['body']}")
    if key == BROKEN:
        return error("One or more notification could not be sent", 424)
    return JSONResponse({"error": None})


class Apprise(Chat):
    name: ClassVar[str] = "apprise"
    title: ClassVar[str] = "Apprise"
    talk = Talk(
        calls=(
            Call("GET", "/json/urls/{key}", urls),
            Call("POST", "/notify/{key}", notify),
        ),
        rooms={KEY: "Team", LOCKED: "Locked", GUARDED: "Guarded", BROKEN: "Broken"},
        turns_away=turned_away,
        refusals={
            "429": (429, {"error": "Too many requests"}),
            "500": (500, {"error": "An error occurred accessing configuration"}),
            "revoked": (401, {"error": "Access Denied"}),
            "expired": (401, {"error": "Access Denied"}),
        },
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "forget": self._forget}

    async def _forget(self, params: Params, origin: str) -> Record:
        """Somebody deletes all that is kept under the key."""
        self.store.table("rooms").pop(KEY)
        return {"forgotten": KEY}
