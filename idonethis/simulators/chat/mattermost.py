"""Pretend Mattermost: https://developers.mattermost.com/api-documentation/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ..described import Refusals
from ..store import Record
from .app import Call, Talk
from .mattermost_hooks import FIELDS, change, create, error, forbidden, listed, listening, remove
from .mattermost_hooks import OPEN as DONE
from .rooms import Rooms
from .served import KEY, TOKENS, ServedChat
from .telling import told_by_mattermost
from .voice import PEOPLE, Voice, text_in

API = "/api/v4"
TEAM, ENGINES = "eng1842team", "engines1815channel"
TYPES = {DONE: "O", ENGINES: "P"}
NO_SESSION = error("api.context.session_expired.app_error", "Invalid or expired session.", 401)


def turned_away(request: Request) -> Response | None:
    is_at_api = request.url.path.startswith(API)
    return NO_SESSION if is_at_api and not whose(request) else None


def whose(request: Request) -> str:
    return TOKENS.get(request.headers.get("authorization", "").removeprefix("Bearer "), "")


def incoming(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """https://developers.mattermost.com/integrate/webhooks/incoming/"""
    if request.path_params["key"] != KEY:
        return error("web.incoming_webhook.invalid.app_error", "Invalid webhook.", 400)
    if not isinstance(said.get("text"), str) or not said["text"]:
        return error("web.incoming_webhook.text.app_error", "No text specified.", 400)
    rooms.post(DONE, said["text"])
    return PlainTextResponse("ok")


def me(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    person = PEOPLE[whose(request)]
    first, _, last = person.name.partition(" ")
    about = {"id": f"{person.login}{person.number}user", "username": person.login}
    return JSONResponse({**about, "first_name": first, "last_name": last, "email": person.mail})


def teams(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse([{"id": TEAM, "name": "engines", "display_name": "Engines"}])


def channels(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """Conversations of two are channels, too."""
    found = [
        {"id": key, "team_id": TEAM, "type": TYPES[key], "display_name": title, "delete_at": 0}
        for key, title in rooms.titles.items()
    ]
    talk = {"id": "d1", "team_id": "", "type": "D", "display_name": "", "delete_at": 0}
    return JSONResponse([*found, talk])


def post(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    room, text = str(said.get("channel_id")), said.get("message")
    if room not in rooms:
        return forbidden()
    if not isinstance(text, str) or not text:
        return error("model.post.is_valid.msg.app_error", "Invalid message.", 400)
    number = rooms.post(room, text)
    return JSONResponse({"id": f"post{number}", "channel_id": room, "message": text}, 201)


def number_in(request: Request) -> int:
    return int(request.path_params["post"].removeprefix("post"))


def look(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if not rooms.has(number_in(request)):
        return error("app.post.get.app_error", "Unable to get the post.", 404)
    return JSONResponse({"id": request.path_params["post"]})


def patch(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """Of what is not there it says that nobody may change it."""
    is_there = rooms.edit(number_in(request), str(said.get("message")))
    return JSONResponse({"id": request.path_params["post"]}) if is_there else forbidden()


def delete(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse({"status": "OK"}) if rooms.remove(number_in(request)) else forbidden()


class Mattermost(ServedChat):
    name: ClassVar[str] = "mattermost"
    title: ClassVar[str] = "Mattermost"
    api = API
    options: ClassVar[Mapping[str, str]] = {
        **ServedChat.options,
        "hides_tokens": "anything: a webhook's token is told to nobody once it is made",
    }
    api_refusals: ClassVar[Refusals] = {
        "429": (429, "limit exceeded"),
        "500": (500, {"id": "app.error", "message": "Something went wrong.", "status_code": 500}),
        "expired": (401, {"id": "api.context.session_expired.app_error", "message": "Expired."}),
        "revoked": (401, {"id": "api.context.session_expired.app_error", "message": "Expired."}),
    }
    talk = Talk(
        calls=(
            Call("POST", "/hooks/{key}", incoming),
            Call("GET", f"{API}/users/me", me),
            Call("GET", f"{API}/users/me/teams", teams),
            Call("GET", f"{API}/users/me/channels", channels),
            Call("POST", f"{API}/posts", post),
            Call("GET", f"{API}/posts/{{post}}", look),
            Call("PUT", f"{API}/posts/{{post}}/patch", patch),
            Call("DELETE", f"{API}/posts/{{post}}", delete),
            Call("GET", f"{API}/hooks/outgoing", listed),
            Call("POST", f"{API}/hooks/outgoing", create),
            Call("PUT", f"{API}/hooks/outgoing/{{hook}}", change),
            Call("DELETE", f"{API}/hooks/outgoing/{{hook}}", remove),
        ),
        rooms={DONE: "done", ENGINES: "engines"},
        turns_away=turned_away,
        refusals={"429": (429, {}), "500": (500, {}), "revoked": (404, {}), "expired": (403, {})},
        voice=Voice(told_by_mattermost, text_in, listening=listening),
    )

    def others(self, number: int) -> Record:
        about = {"id": f"other{number}", "team_id": TEAM, "channel_id": DONE, "token": "x"}
        return {**FIELDS, **about, "callback_urls": ["https://elsewhere.example.org"]}
