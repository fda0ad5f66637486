"""The outgoing integrations of a pretend Rocket.Chat:
https://developer.rocket.chat/apidocs/integration-api"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .rooms import Rooms
from .served import TOKENS
from .voice import PEOPLE, Utterance

#: https://developer.rocket.chat/apidocs/create-integration: without them nothing is made.
NEEDED = ("type", "username", "channel", "event", "scriptEnabled", "name", "enabled")
MOST = 50


def whose(request: Request) -> str:
    """The token and the id of the same person."""
    login = TOKENS.get(request.headers.get("x-auth-token", ""), "")
    number = PEOPLE[login].number if login else 0
    return login if request.headers.get("x-user-id") == f"rc{number}" else ""


def failure(sentence: str, status: int = 400) -> Response:
    return JSONResponse({"success": False, "error": sentence}, status)


def listed(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if whose(request) != "ada":
        return failure("unauthorized", 403)
    there, begin = list(rooms.hooks.values()), int(request.query_params.get("offset", 0))
    size = min(MOST, int(request.query_params.get("count", MOST)))
    found = there[begin : begin + size]
    counted = {"offset": begin, "count": len(found), "total": len(there)}
    return JSONResponse({"integrations": found, **counted, "success": True})


def create(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    return _kept(rooms, request, said, name=f"rcHook{rooms.next_id('hook')}")


def change(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    name = str(said.get("integrationId"))
    if name not in rooms.hooks:
        return failure("integration not found [invalid_integration]")
    if not said.get("token"):
        return failure("Invalid token [error-invalid-token]")
    return _kept(rooms, request, said, name=name)


def _kept(rooms: Rooms, request: Request, said: Mapping[str, Any], *, name: str) -> Response:
    channel = str(said.get("channel") or "")
    if whose(request) != "ada":
        return failure("Unauthorized [not_authorized]")
    if missing := [field for field in NEEDED if field not in said]:
        return failure(f"must have required property '{missing[0]}' [invalid-params]")
    if said["username"] != whose(request):
        return failure("Invalid user (did you delete the `rocket.cat` user?) [error-invalid-user]")
    if channel.removeprefix("#") not in rooms or not channel.startswith("#"):
        return failure("Invalid room [error-invalid-room]")
    kept = {key: value for key, value in said.items() if key != "integrationId"}
    rooms.hooks[name] = {**kept, "_id": name, "channel": [channel]}
    return JSONResponse({"integration": rooms.hooks[name], "success": True})


def remove(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if whose(request) != "ada":
        return failure("unauthorized", 403)
    gone = rooms.hooks.pop(str(said.get("integrationId")), None)
    if gone is None:
        return failure("No integration found.")
    return JSONResponse({"integration": gone, "success": True})


def listening(hooks: Record, said: Utterance) -> list[tuple[str, str]]:
    """Whatever begins with one of its words, letter for letter."""
    return [
        (url, hook["token"])
        for hook in hooks.values()
        if hook["enabled"] and f"#{said.room}" in hook["channel"]
        if said.text.startswith(tuple(hook["triggerWords"]))
        if hook.get("runOnEdits") or not said.edited
        for url in hook["urls"]
    ]
