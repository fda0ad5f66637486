"""Pretend Zulip: https://zulip.com/api/send-message"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .app import Call, Chat, Talk
from .rooms import Rooms
from .voice import Sent, Utterance, Voice

EMAIL, KEY = "done-bot@zulip.example.org", "a-key-of-the-pretend-zulip"
SIGNED = "Basic " + base64.b64encode(f"{EMAIL}:{KEY}".encode()).decode()


def error(sentence: str, code: str, status: int) -> Response:
    return JSONResponse({"result": "error", "msg": sentence, "code": code}, status)


def turned_away(request: Request) -> Response | None:
    if request.headers.get("authorization") == SIGNED:
        return None
    return error("Invalid API key", "INVALID_API_KEY", 401)


def me(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    about = {"user_id": 77, "email": EMAIL, "full_name": "Done bot", "is_bot": True}
    return JSONResponse({"result": "success", "msg": "", **about})


def streams(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    listed = [{"stream_id": int(key), "name": name} for key, name in rooms.titles.items()]
    found = {"result": "success", "msg": "", "streams": listed}
    return JSONResponse(found)


def send(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    room = str(said.get("to", ""))
    if room not in rooms:
        return error(f"Channel with ID '{room}' does not exist", "STREAM_DOES_NOT_EXIST", 400)
    if not said.get("content") or not said.get("topic") or said.get("type") != "stream":
        return error("Message must not be empty", "BAD_REQUEST", 400)
    number = rooms.post(room, str(said["content"]))
    return JSONResponse({"result": "success", "msg": "", "id": number})


def edit(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if not rooms.edit(int(request.path_params["message"]), str(said.get("content"))):
        return error("Invalid message(s)", "BAD_REQUEST", 400)
    return JSONResponse({"result": "success", "msg": ""})


def remove(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if not rooms.remove(int(request.path_params["message"])):
        return error("Invalid message(s)", "BAD_REQUEST", 400)
    return JSONResponse({"result": "success", "msg": ""})


def told(said: Utterance) -> Sent:
    """https://zulip.com/api/outgoing-webhook-payload: nobody is told but who is mentioned."""
    message = {
        "client": "website",
        "content": said.text,
        "display_recipient": said.title,
        "id": said.number,
        "sender_email": said.person.mail,
        "sender_full_name": said.person.name,
        "sender_id": said.person.number,
        "sender_realm_str": "engines",
        "stream_id": int(said.room),
        "subject": "done",
        "timestamp": said.now,
        "type": "stream",
    }
    about = {"bot_email": EMAIL, "bot_full_name": "Done bot", "data": said.text}
    return Sent.json({**about, "message": message, "token": said.secret, "trigger": "mention"})


def heard(answer: Mapping[str, Any]) -> str:
    return "" if answer.get("response_not_required") else str(answer.get("content") or "")


class Zulip(Chat):
    name: ClassVar[str] = "zulip"
    title: ClassVar[str] = "Zulip"
    talk = Talk(
        calls=(
            Call("GET", "/api/v1/users/me", me),
            Call("GET", "/api/v1/streams", streams),
            Call("POST", "/api/v1/messages", send),
            Call("PATCH", "/api/v1/messages/{message}", edit),
            Call("DELETE", "/api/v1/messages/{message}", remove),
        ),
        rooms={"11": "done", "12": "engines"},
        turns_away=turned_away,
        refusals={
            "429": (429, {"result": "error", "code": "RATE_LIMIT_HIT", "retry-after": 1}),
            "500": (500, {"result": "error", "msg": "Internal server error"}),
            "expired": (401, {"result": "error", "code": "INVALID_API_KEY"}),
            "revoked": (401, {"result": "error", "code": "USER_DEACTIVATED"}),
        },
        voice=Voice(told, heard),
    )
