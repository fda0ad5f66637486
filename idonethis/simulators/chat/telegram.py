"""Pretend Telegram: https://core.telegram.org/bots/api"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .app import Call, Chat, Talk
from .rooms import Rooms
from .voice import Sent, Utterance, Voice

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


def aim(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """https://core.telegram.org/bots/api#setwebhook: of https alone, but on this machine."""
    url = str(said.get("url"))
    where = urlsplit(url)
    if where.scheme != "https" and where.hostname not in ("127.0.0.1", "localhost"):
        return error("Bad Request: bad webhook: An HTTPS URL must be provided for webhook", 400)
    asked = {"hook_url": url, "hook_secret": said.get("secret_token", "")}
    rooms.settings.update(asked, hook_events=said.get("allowed_updates", []))
    return JSONResponse({"ok": True, "result": True, "description": "Webhook was set"})


def aimed(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    url, events = rooms.settings.get("hook_url", ""), rooms.settings.get("hook_events", [])
    about = {"url": url, "pending_update_count": 0, "allowed_updates": events}
    return JSONResponse({"ok": True, "result": about})


def forget(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    rooms.settings.update(hook_url="", hook_secret="", hook_events=[])
    return JSONResponse({"ok": True, "result": True, "description": "Webhook was deleted"})


def told(said: Utterance) -> Sent:
    """https://core.telegram.org/bots/api#update"""
    first, _, last = said.person.name.partition(" ")
    person = {"id": said.person.number, "is_bot": False, "first_name": first, "last_name": last}
    message = {
        "message_id": said.number,
        "from": {**person, "username": said.person.login},
        "chat": {"id": int(said.room), "title": said.title, "type": "supergroup"},
        "date": said.now,
        "text": said.text,
    }
    edited = {"edited_message": {**message, "edit_date": said.now}}
    update = edited if said.edited else {"message": message}
    signed = {"X-Telegram-Bot-Api-Secret-Token": said.secret}
    return Sent.json({"update_id": said.now * 10_000 + said.number, **update}, **signed)


def heard(answer: Mapping[str, Any]) -> str:
    """A call of a method that stands in the answer."""
    return str(answer.get("text") or "") if answer.get("method") == "sendMessage" else ""


class Telegram(Chat):
    name: ClassVar[str] = "telegram"
    title: ClassVar[str] = "Telegram"
    talk = Talk(
        calls=(
            Call("POST", f"{PATH}/getMe", me),
            Call("POST", f"{PATH}/sendMessage", send),
            Call("POST", f"{PATH}/editMessageText", edit),
            Call("POST", f"{PATH}/deleteMessage", remove),
            Call("POST", f"{PATH}/setWebhook", aim),
            Call("POST", f"{PATH}/getWebhookInfo", aimed),
            Call("POST", f"{PATH}/deleteWebhook", forget),
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
        voice=Voice(told, heard, edits=True),
    )
