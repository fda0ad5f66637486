"""Pretend Telegram: https://core.telegram.org/bots/api"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .app import Call, Chat, Talk
from .rooms import Rooms

TOKEN = "1815:a-token-of-the-pretend-telegram"  # noqa: S105
CHAT = "-1001815"
PATH = "/bot{token}"
LONGEST = 4096


def error(sentence: str, status: int) -> Response:
    return JSONResponse({"ok": False, "error_code": status, "description": sentence}, status)


def turned_away(request: Request) -> Response | None:
    return None if request.path_params["token"] == TOKEN else error("Unauthorized", 401)


def me(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    about = {"id": 1815, "is_bot": True, "first_name": "Done", "username": "engines_done_bot"}
    return JSONResponse({"ok": True, "result": about})


def send(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    text, chat = str(said.get("text") or ""), str(said.get("chat_id"))
    if chat not in rooms:
        return error("Bad Request: chat not found", 400)
    if not text or len(text) > LONGEST:
        return error("Bad Request: message is too long", 400)
    number = rooms.post(chat, text)
    return JSONResponse({"ok": True, "result": {"message_id": number, "text": text}})


def edit(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if not rooms.edit(int(said["message_id"]), str(said.get("text"))):
        return error("Bad Request: message to edit not found", 400)
    return JSONResponse({"ok": True, "result": {"message_id": said["message_id"]}})


def remove(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if not rooms.remove(int(said["message_id"])):
        return error("Bad Request: message to delete not found", 400)
    return JSONResponse({"ok": True, "result": True})


class Telegram(Chat):
    name: ClassVar[str] = "telegram"
    title: ClassVar[str] = "Telegram"
    talk = Talk(
        calls=(
            Call("POST", f"{PATH}/getMe", me),
            Call("POST", f"{PATH}/sendMessage", send),
            Call("POST", f"{PATH}/editMessageText", edit),
            Call("POST", f"{PATH}/deleteMessage", remove),
        ),
        rooms={CHAT: "Done"},
        turns_away=turned_away,
        refusals={
            "429": (429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 1}}),
            "500": (500, {"ok": False, "error_code": 500}),
            "expired": (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
            "revoked": (
                403,
                {"ok": False, "error_code": 403, "description": "Forbidden: bot was kicked"},
            ),
        },
    )
