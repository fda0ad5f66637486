"""Pretend Google Chat: https://developers.google.com/workspace/chat"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..control import Action
from ..keyring import Keyring
from ..params import Params
from ..store import Record
from .app import Call, Chat, Talk
from .rooms import Rooms
from .voice import Sent, Utterance, Voice, stamp, text_in

SPACE = "spaces/AAAA1815"
QUERY = "key=key-of-the-pretend-space&token=token-of-the-pretend-space"
ISSUER = "chat@system.gserviceaccount.com"
#: For so long a token is good, in seconds.
LIFETIME = 3600
KEYRING = Keyring()
APP = {"name": "users/1834", "displayName": "I Done This", "type": "BOT"}


def error(code: int, status: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message, "status": status}}, code)


def post(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """https://developers.google.com/workspace/chat/quickstart/webhooks"""
    if request.url.query != QUERY:
        return error(403, "PERMISSION_DENIED", "The caller does not have permission")
    if not isinstance(said.get("text"), str) or not said["text"]:
        return error(400, "INVALID_ARGUMENT", "Message cannot be empty.")
    number = rooms.post(SPACE, said["text"])
    return JSONResponse({"name": f"{SPACE}/messages/{number}", "text": said["text"]})


def keys(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """https://developers.google.com/workspace/chat/verify-requests-from-chat"""
    return JSONResponse(KEYRING.published, headers={"Cache-Control": "public, max-age=21600"})


def told(said: Utterance) -> Sent:
    """https://developers.google.com/workspace/chat/api/reference/rest/v1/Event: an app is told of
    what mentions it and of its commands. The secret is the number of its project."""
    person = {
        "name": f"users/{said.person.number}",
        "displayName": said.person.name,
        "email": said.person.mail,
        "type": "HUMAN",
    }
    space = {"name": said.room, "type": "ROOM", "displayName": said.title, "spaceType": "SPACE"}
    message = {
        "name": f"{said.room}/messages/{said.number}",
        "sender": person,
        "createTime": stamp(said.now),
        "thread": {"name": f"{said.room}/threads/{said.number}"},
        "space": space,
        **words(said),
    }
    event = {"type": "MESSAGE", "eventTime": stamp(said.now), "user": person, "space": space}
    claims = {"iss": ISSUER, "aud": said.secret, "iat": said.now, "exp": said.now + LIFETIME}
    shown = {"Authorization": f"Bearer {KEYRING.token(claims)}"}
    return Sent.json({**event, "message": message}, **shown)


def words(said: Utterance) -> dict[str, Any]:
    if said.command:
        name, rest = said.command
        about = {"type": "INVOKE", "commandName": name, "commandId": "1", "bot": APP}
        note = {"type": "SLASH_COMMAND", "startIndex": 0, "slashCommand": about}
        own = {"annotations": [note], "slashCommand": {"commandId": "1"}}
        return {"text": said.text, "argumentText": f" {rest}", **own}
    note = {"type": "USER_MENTION", "startIndex": 0, "userMention": {"user": APP}}
    text = f"@{APP['displayName']} {said.text}"
    return {"text": text, "argumentText": f" {said.text}", "annotations": [note]}


class GoogleChat(Chat):
    name: ClassVar[str] = "google_chat"
    title: ClassVar[str] = "Google Chat"
    talk = Talk(
        calls=(
            Call("POST", f"/v1/{SPACE}/messages", post),
            Call("GET", f"/service_accounts/v1/jwk/{ISSUER}", keys),
        ),
        rooms={SPACE: "done"},
        refusals={
            "429": (429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}),
            "500": (500, {"error": {"code": 500, "status": "INTERNAL"}}),
            "revoked": (404, {"error": {"code": 404, "status": "NOT_FOUND"}}),
            "expired": (403, {"error": {"code": 403, "status": "PERMISSION_DENIED"}}),
        },
        voice=Voice(told, text_in),
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "rotate": self._rotate}

    async def _rotate(self, params: Params, origin: str) -> Record:
        """Sign with a new key from now on; the one before is published a while longer."""
        return {"key": KEYRING.rotate()}
