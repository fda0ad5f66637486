"""Pretend partners whose incoming webhooks take a message and tell nothing about it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from .app import Call, Chat, Talk
from .rooms import Rooms
from .telling import told_by_mattermost, told_by_rocket_chat, told_by_teams
from .voice import Voice, text_in

KEY = "key-of-the-pretend-channel"
ROOM = "done"


def mattermost(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """https://developers.mattermost.com/integrate/webhooks/incoming/"""
    if request.path_params["key"] != KEY:
        body = {"id": "web.incoming_webhook.invalid.app_error", "message": "Invalid webhook."}
        return JSONResponse({**body, "status_code": 400}, 400)
    if not isinstance(said.get("text"), str) or not said["text"]:
        body = {"id": "web.incoming_webhook.text.app_error", "message": "No text specified."}
        return JSONResponse({**body, "status_code": 400}, 400)
    rooms.post(ROOM, said["text"])
    return PlainTextResponse("ok")


class Mattermost(Chat):
    name: ClassVar[str] = "mattermost"
    title: ClassVar[str] = "Mattermost"
    talk = Talk(
        calls=(Call("POST", "/hooks/{key}", mattermost),),
        rooms={ROOM: "done"},
        refusals={"429": (429, {}), "500": (500, {}), "revoked": (404, {}), "expired": (403, {})},
        voice=Voice(told_by_mattermost, text_in),
    )


def rocket_chat(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """https://docs.rocket.chat/docs/integrations"""
    if f"{request.path_params['id']}/{request.path_params['token']}" != f"1815/{KEY}":
        return JSONResponse({"success": False, "error": "Invalid integration id or token."}, 404)
    if not isinstance(said.get("text"), str) or not said["text"]:
        return JSONResponse({"success": False, "error": "no-message"}, 400)
    rooms.post(ROOM, said["text"])
    return JSONResponse({"success": True})


class RocketChat(Chat):
    name: ClassVar[str] = "rocket_chat"
    title: ClassVar[str] = "Rocket.Chat"
    talk = Talk(
        calls=(Call("POST", "/hooks/{id}/{token}", rocket_chat),),
        rooms={ROOM: "done"},
        refusals={"429": (429, {}), "500": (500, {}), "revoked": (404, {"success": False})},
        voice=Voice(told_by_rocket_chat, text_in, edits=True),
    )


def teams(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """What the trigger “When a Teams webhook request is received” takes:
    https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook"""
    if request.query_params.get("sig") != KEY:
        return JSONResponse({"error": {"code": "DirectApiAuthorizationRequired"}}, 401)
    texts = [words for card in cards(said) for words in words_of(card)]
    if not texts:
        return JSONResponse({"error": {"code": "TriggerInputSchemaMismatch"}}, 400)
    rooms.post(ROOM, "\n".join(texts))
    return Response(status_code=202)


def cards(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    attached = said.get("attachments")
    wanted = "application/vnd.microsoft.card.adaptive"
    every = attached if isinstance(attached, list) and said.get("type") == "message" else []
    return [each["content"] for each in every if each.get("contentType") == wanted]


def words_of(card: Mapping[str, Any]) -> list[str]:
    """The lines of a card that holds rich text."""
    return [
        "".join(run["text"] for run in block["inlines"])
        for block in card.get("body", ())
        if block.get("type") == "RichTextBlock"
    ]


class Teams(Chat):
    name: ClassVar[str] = "microsoft_teams"
    title: ClassVar[str] = "Microsoft Teams"
    talk = Talk(
        calls=(Call("POST", "/workflows/{flow}/triggers/manual/paths/invoke", teams),),
        rooms={ROOM: "Done"},
        refusals={
            "429": (429, {"error": {"code": "WorkflowTriggerThrottled"}}),
            "500": (500, {"error": {"code": "InternalServerError"}}),
            "revoked": (404, {"error": {"code": "WorkflowNotFound"}}),
            "expired": (401, {"error": {"code": "DirectApiAuthorizationRequired"}}),
        },
        voice=Voice(told_by_teams, text_in),
    )
