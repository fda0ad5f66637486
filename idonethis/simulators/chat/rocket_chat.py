"""Pretend Rocket.Chat: https://developer.rocket.chat/apidocs"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..described import Refusals
from ..store import Record
from .app import Call, Talk
from .rocket_chat_hooks import change, create, failure, listed, listening, remove, whose
from .rooms import Rooms
from .served import KEY, ServedChat
from .telling import told_by_rocket_chat
from .voice import PEOPLE, Voice, text_in

API = "/api/v1"
DONE, ENGINES = "rcDone1842", "rcEngines1815"
TYPES = {DONE: "c", ENGINES: "p"}
STRANGER = (401, {"status": "error", "message": "You must be logged in to do this."})


def turned_away(request: Request) -> Response | None:
    if not request.url.path.startswith(API) or whose(request):
        return None
    return JSONResponse(STRANGER[1], STRANGER[0])


def incoming(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """https://docs.rocket.chat/docs/integrations"""
    if f"{request.path_params['id']}/{request.path_params['token']}" != f"1815/{KEY}":
        return failure("Invalid integration id or token provided.")
    if not isinstance(said.get("text"), str) or not said["text"]:
        return failure("no-message")
    rooms.post(DONE, said["text"])
    return JSONResponse({"success": True})


def me(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    person = PEOPLE[whose(request)]
    about = {"_id": f"rc{person.number}", "username": person.login, "name": person.name}
    return JSONResponse({**about, "success": True})


def channels(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """Conversations of two are rooms without a name."""
    found = [{"_id": key, "t": TYPES[key], "name": name} for key, name in rooms.titles.items()]
    talk = {"_id": "rc1815rc1906", "t": "d", "usernames": ["ada", "grace"]}
    return JSONResponse({"update": [*found, talk], "remove": [], "success": True})


def post(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    room, text = str(said.get("roomId")), said.get("text")
    if room not in rooms:
        return failure("invalid-channel")
    if not isinstance(text, str) or not text:
        return failure("error-message-size-exceeded")
    message = {"_id": f"rcMessage{rooms.post(room, text)}", "rid": room, "msg": text}
    return JSONResponse({"channel": room, "message": message, "success": True})


def lost(said: Mapping[str, Any]) -> Response:
    return failure(f'No message found with the id of "{said.get("msgId")}".')


def number_in(said: Mapping[str, Any]) -> int:
    return int(str(said.get("msgId")).removeprefix("rcMessage"))


def update(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if not rooms.edit(number_in(said), str(said.get("text"))):
        return lost(said)
    return JSONResponse({"message": {"_id": said["msgId"]}, "success": True})


def delete(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if not rooms.remove(number_in(said)):
        return lost(said)
    return JSONResponse({"_id": said["msgId"], "success": True})


class RocketChat(ServedChat):
    name: ClassVar[str] = "rocket_chat"
    title: ClassVar[str] = "Rocket.Chat"
    api = API
    api_refusals: ClassVar[Refusals] = {
        "429": (
            429,
            {
                "success": False,
                "error": "Error, too many requests. Please slow down. You must wait 26 seconds "
                "before trying this endpoint again. [error-too-many-requests]",
            },
        ),
        "500": (500, {"success": False, "error": "Internal server error"}),
        "expired": STRANGER,
        "revoked": STRANGER,
    }
    talk = Talk(
        calls=(
            Call("POST", "/hooks/{id}/{token}", incoming),
            Call("GET", f"{API}/me", me),
            Call("GET", f"{API}/rooms.get", channels),
            Call("POST", f"{API}/chat.postMessage", post),
            Call("POST", f"{API}/chat.update", update),
            Call("POST", f"{API}/chat.delete", delete),
            Call("GET", f"{API}/integrations.list", listed),
            Call("POST", f"{API}/integrations.create", create),
            Call("PUT", f"{API}/integrations.update", change),
            Call("POST", f"{API}/integrations.remove", remove),
        ),
        rooms={DONE: "done", ENGINES: "engines"},
        turns_away=turned_away,
        refusals={"429": (429, {}), "500": (500, {}), "revoked": (404, {"success": False})},
        voice=Voice(told_by_rocket_chat, text_in, edits=True, listening=listening),
    )

    def others(self, number: int) -> Record:
        about = {"_id": f"other{number}", "type": "webhook-outgoing", "enabled": False, "token": ""}
        return {
            **about,
            "urls": ["https://elsewhere.example.org"],
            "channel": [],
            "triggerWords": [],
        }
