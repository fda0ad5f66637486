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
from ..workspace import seen_by
from ..world import World

# Arguments that a form carries as JSON.
STRUCTURED = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "view": "invalid_arguments",
}


@dataclass(frozen=True)
class Call:
    world: World
    token: Record
    arguments: Record

    @property
    def user(self) -> str:
        """Who acts: the bot, or the person whose own token it is."""
        if self.token["kind"] == "access":
            return BOT["user"]
        return str(self.world.workspace.store.table("accounts")[self.token["account"]]["id"])

    def needs(self, scope: str) -> None:
        if scope not in self.token["scopes"]:
            raise missing_scope(scope, self.token["scopes"])

    def get(self, name: str) -> Any:
        return self.arguments.get(name)

    def text(self, name: str, default: str = "") -> str:
        value = self.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str, default: int, *, most: int) -> int:
        text = self.text(name, str(default))
        if not text.isdecimal():
            raise SlackError("invalid_limit")
        return min(int(text), most) or default

    def channel(self) -> Record:
        """The channel that is named, if the caller may know of it."""
        found = self.world.workspace.channel(self.text("channel"))
        if found is None or not seen_by(found, self.user):
            raise SlackError("channel_not_found")
        return found

    def message(self, channel: Record) -> Record:
        """The message that is named; ephemeral ones cannot be reached again."""
        ts = self.text("ts")
        for message in channel["messages"]:
            if message["ts"] == ts and message["ephemeral_to"] is None:
                found: Record = message
                return found
        raise SlackError("message_not_found")


Method = Callable[[Call], Awaitable[Record]]


def route(world: World, name: str, method: Method, *, scope: str) -> Route:
    """scope is what every call of the method takes; "" when none, or when it depends."""

    async def answer(request: Request) -> Response:
        headers = {"x-accepted-oauth-scopes": scope}
        try:
            given = await arguments(request)
            token = world.installation.caller(access_token(request, given))
            headers["x-oauth-scopes"] = ",".join(token["scopes"])
            call = Call(world, token, given)
            if scope:
                call.needs(scope)
            response: Response = JSONResponse({"ok": True, **await method(call)})
        except SlackError as problem:
            response = problem.response()
        response.headers.update(headers)
        return response

    return Route(f"/api/{name}", answer, methods=["GET", "POST"])


def access_token(request: Request, given: Record) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else str(given.get("token", ""))


async def arguments(request: Request) -> Record:
    """From the query, a form or JSON: Slack takes all three."""
    found: Record = dict(request.query_params)
    if "json" not in request.headers.get("content-type", ""):
        form = {name: str(value) for name, value in (await request.form()).items()}
        return structured(found | form)
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError as problem:
        raise SlackError("invalid_json") from problem
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return found | body


def structured(form: Record) -> Record:
    for name, error in STRUCTURED.items():
        if name in form:
            try:
                form[name] = json.loads(form[name])
            except ValueError as problem:
                raise SlackError(error) from problem
    return form
