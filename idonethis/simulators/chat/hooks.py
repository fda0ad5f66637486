"""A pretend partner whose incoming webhooks take a message and tell nothing about it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .app import Call, Chat, Talk
from .rooms import Rooms
from .telling import told_by_teams
from .voice import Voice, text_in

KEY = "key-of-the-pretend-channel"
ROOM = "done"


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
