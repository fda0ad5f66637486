"""response_url: an address to answer one interaction, for a while.

Source: https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..store import Record
from .demo import TEAM
from .errors import SlackError
from .messages import Messages, content_of
from .workspace import Workspace

USES = 5
SECONDS = 30 * 60
SOURCES = ("commands", "actions", "app")


class Responses:
    """An address may be used five times within thirty minutes."""

    def __init__(self, workspace: Workspace, messages: Messages) -> None:
        self._workspace = workspace
        self._messages = messages

    def routes(self) -> list[Route]:
        return [
            Route(f"/{source}/{{team}}/{{number}}/{{key}}", self.respond, methods=["POST"])
            for source in SOURCES
        ]

    def open(self, origin: str, source: str, *, channel: Record, user: str, ts: str = "") -> str:
        """A new address for answers to `user` in `channel`; ts is the message acted upon."""
        number = self._workspace.store.next_id("response", 1_815_000_001)
        path = f"/{source}/{TEAM['id']}/{number}/{secrets.token_urlsafe(18)}"
        self._workspace.store.table("response_urls")[path] = {
            "channel": channel["id"],
            "user": user,
            "ts": ts,
            "uses": 0,
            "expires_at": self._workspace.now + SECONDS,
        }
        return f"{origin}{path}"

    async def respond(self, request: Request) -> Response:
        record: Record | None = self._workspace.store.table("response_urls").get(request.url.path)
        error = self._objection(record)
        body = await body_of(request)
        if record is None or error:
            return JSONResponse({"ok": False, "error": error}, 404)
        if body is None:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        record["uses"] += 1
        return self._put(record, body)

    def _objection(self, record: Record | None) -> str:
        if record is None:
            return "no_service"
        if record["expires_at"] < self._workspace.now:
            return "expired_url"
        return "used_url" if record["uses"] >= USES else ""

    def _put(self, record: Record, body: Record) -> Response:
        channel = self._workspace.channel(record["channel"])
        if channel is None:
            return JSONResponse({"ok": False, "error": "channel_not_found"}, 404)
        try:
            self._write(channel, record, body=body)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.error}, 400)
        return JSONResponse({"ok": True})

    def _write(self, channel: Record, record: Record, *, body: Record) -> None:
        """A message that was acted upon can be replaced or deleted; one that was posted by this
        very address cannot."""
        original = next((m for m in channel["messages"] if m["ts"] == record["ts"]), None)
        content = content_of(body)
        if original is not None and yes(body.get("delete_original")):
            self._messages.remove(channel, original)
        elif not content:
            raise SlackError("no_text")
        elif original is not None and yes(body.get("replace_original")):
            self._messages.change(original, content)
        else:
            self.answer(channel, record["user"], body)

    def answer(self, channel: Record, user: str, body: Record) -> Record:
        """Put a new message: for the one person, unless response_type is in_channel."""
        in_channel = body.get("response_type") == "in_channel"
        to = None if in_channel else user
        return self._messages.by_bot(channel, content_of(body), ephemeral_to=to)


def yes(value: Any) -> bool:
    """Slack takes both true and "true"."""
    return value is True or value == "true"


async def body_of(request: Request) -> Record | None:
    """A JSON object, also inside a form's payload; None for anything else."""
    raw: str | bytes = await request.body()
    if "form" in request.headers.get("content-type", ""):
        raw = str((await request.form()).get("payload", ""))
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
