"""One call of a method: who calls, what with, and how Slack says yes or no."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...store import Record
from ..demo import BOT
from ..errors import SlackError, missing_scope
from ..installation import Installation
from ..messages import Messages
from ..workspace import Workspace


@dataclass(frozen=True)
class Slack:
    """What the methods work on."""

    workspace: Workspace
    messages: Messages
    installation: Installation


@dataclass(frozen=True)
class Call:
    slack: Slack
    token: Record
    arguments: Record

    def needs(self, scope: str) -> None:
        if scope not in self.token["scopes"]:
            raise missing_scope(scope, self.token["scopes"])

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name, default)
        return str(default if value is None else value)

    def channel(self) -> Record:
        """The channel that is named, if the bot may know of it."""
        found = self.slack.workspace.channel(self.text("channel"))
        hidden = found is not None and found["is_private"] and BOT["user"] not in found["members"]
        if found is None or hidden:
            raise SlackError("channel_not_found")
        return found

    def message(self, channel: Record) -> Record:
        ts = self.text("ts")
        for message in channel["messages"]:
            if message["ts"] == ts and message["ephemeral_to"] is None:
                own: Record = message
                return own
        raise SlackError("message_not_found")


Method = Callable[[Call], Awaitable[Record]]


def route(slack: Slack, name: str, method: Method) -> Route:
    async def answer(request: Request) -> Response:
        try:
            _, _, token = request.headers.get("authorization", "").partition(" ")
            caller = slack.installation.caller(token)
            done = await method(Call(slack, caller, await arguments(request)))
        except SlackError as problem:
            return problem.response()
        return JSONResponse({"ok": True, **done})

    return Route(f"/api/{name}", answer, methods=["GET", "POST"])


async def arguments(request: Request) -> Record:
    """From the query, a form or JSON: Slack takes all three."""
    found: dict[str, Any] = dict(request.query_params)
    if "json" in request.headers.get("content-type", ""):
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError as problem:
            raise SlackError("invalid_json") from problem
        return found | (body if isinstance(body, dict) else {})
    return found | {name: str(value) for name, value in (await request.form()).items()}
