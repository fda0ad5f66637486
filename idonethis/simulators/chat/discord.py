"""Pretend Discord: https://docs.discord.com/developers/resources/webhook"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .app import Call, Chat, Talk
from .rooms import Rooms
from .voice import Sent, Utterance, Voice

WEBHOOK, TOKEN, CHANNEL = "1906", "a-token-of-the-pretend-discord", "815"
PATH = "/api/webhooks/{webhook}/{token}"
#: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
UNKNOWN_WEBHOOK = JSONResponse({"message": "Unknown Webhook", "code": 10015}, 404)
UNKNOWN_MESSAGE = JSONResponse({"message": "Unknown Message", "code": 10008}, 404)
WRONG_TOKEN = JSONResponse({"message": "Invalid Webhook Token", "code": 50027}, 401)
LONGEST = 2000


def turned_away(request: Request) -> Response | None:
    if request.path_params["webhook"] != WEBHOOK:
        return UNKNOWN_WEBHOOK
    return None if request.path_params["token"] == TOKEN else WRONG_TOKEN


def text_of(said: Mapping[str, Any]) -> str | None:
    text = said.get("content")
    return text if isinstance(text, str) and 0 < len(text) <= LONGEST else None


def invalid() -> Response:
    problem = {"content": ["Must be 2000 or fewer in length."]}
    return JSONResponse({"code": 50035, "message": "Invalid Form Body", "errors": problem}, 400)


def look(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    about = {"id": WEBHOOK, "type": 1, "name": "I Done This", "channel_id": CHANNEL, "token": TOKEN}
    return JSONResponse({**about, "guild_id": "42"})


def execute(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """Answers with the message only where the query says ``wait``."""
    text = text_of(said)
    if text is None:
        return invalid()
    number = rooms.post(CHANNEL, text)
    if request.query_params.get("wait") != "true":
        return Response(status_code=204)
    return JSONResponse({"id": str(number), "channel_id": CHANNEL, "content": text})


def edit(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    text = text_of(said)
    if text is None:
        return invalid()
    number = request.path_params["message"]
    return JSONResponse({"id": number}) if rooms.edit(int(number), text) else UNKNOWN_MESSAGE


def remove(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    gone = rooms.remove(int(request.path_params["message"]))
    return Response(status_code=204) if gone else UNKNOWN_MESSAGE


def key_of(word: str) -> Ed25519PrivateKey:
    """The application's key, made of a word that somebody chose for it."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(word.encode()).digest())


def public_key(word: str) -> str:
    """As the page of the application shows it."""
    return key_of(word).public_key().public_bytes_raw().hex()


def told(said: Utterance) -> Sent:
    """https://docs.discord.com/developers/interactions/receiving-and-responding: it tells of
    commands alone, each with one option."""
    name, _, what = said.text.removeprefix("/").partition(" ")
    person = {"id": str(said.person.number), "username": said.person.login}
    option = {"name": "what", "type": 3, "value": what}
    body = {
        "id": str(said.number),
        "application_id": "184210",
        "type": 2,
        "data": {"id": "1", "name": name.lower().rstrip(":"), "type": 1, "options": [option]},
        "channel_id": said.room,
        "guild_id": "42",
        "member": {"user": {**person, "global_name": said.person.name}},
        "token": f"an-interaction-token-{said.number}",
        "version": 1,
    }
    raw = str(said.now).encode() + json.dumps(body).encode()
    signature = key_of(said.secret).sign(raw).hex()
    signed = {"X-Signature-Ed25519": signature, "X-Signature-Timestamp": str(said.now)}
    return Sent.json(body, **signed)


def heard(answer: Mapping[str, Any]) -> str:
    return str((answer.get("data") or {}).get("content") or "") if answer.get("type") == 4 else ""


class Discord(Chat):
    name: ClassVar[str] = "discord"
    title: ClassVar[str] = "Discord"
    talk = Talk(
        calls=(
            Call("GET", PATH, look),
            Call("POST", PATH, execute),
            Call("PATCH", f"{PATH}/messages/{{message}}", edit),
            Call("DELETE", f"{PATH}/messages/{{message}}", remove),
        ),
        rooms={CHANNEL: "#done"},
        turns_away=turned_away,
        refusals={
            "429": (429, {"message": "You are being rate limited.", "retry_after": 1.0}),
            "500": (500, {"message": "500: Internal Server Error", "code": 0}),
            "revoked": (404, {"message": "Unknown Webhook", "code": 10015}),
            "expired": (401, {"message": "Invalid Webhook Token", "code": 50027}),
        },
        voice=Voice(told, heard),
    )
