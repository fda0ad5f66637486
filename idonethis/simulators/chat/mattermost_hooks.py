"""The outgoing webhooks of a pretend Mattermost:
https://developers.mattermost.com/integrate/webhooks/outgoing/ and
https://developers.mattermost.com/api-documentation/#/operations/CreateOutgoingWebhook"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .rooms import Rooms
from .served import TOKENS
from .voice import Utterance

#: What a body does not say is emptied.
FIELDS: Mapping[str, Any] = {
    "channel_id": "",
    "display_name": "",
    "trigger_words": [],
    "trigger_when": 0,
    "callback_urls": [],
    "content_type": "application/x-www-form-urlencoded",
}
PERMISSION = "You do not have the appropriate permissions."
#: Public; of all others nothing is told.
OPEN = "done1906channel"


def error(word: str, sentence: str, status: int) -> Response:
    return JSONResponse({"id": word, "message": sentence, "status_code": status}, status)


def forbidden() -> Response:
    return error("api.context.permissions.app_error", PERMISSION, 403)


def may_not(request: Request) -> bool:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    return TOKENS.get(token) != "ada"


def shown(rooms: Rooms, hook: Record) -> Record:
    return {**hook, "token": ""} if rooms.settings.get("hides_tokens") else hook


def listed(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if may_not(request):
        return forbidden()
    asked = request.query_params
    there = [each for each in rooms.hooks.values() if each["team_id"] == asked.get("team_id")]
    size, page = int(asked.get("per_page", 60)), int(asked.get("page", 0))
    found = there[size * page : size * (page + 1)]
    return JSONResponse([shown(rooms, each) for each in found])


def create(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    number = rooms.next_id("hook")
    made = {"id": f"hook{number}", "team_id": said.get("team_id"), "token": f"token{number}"}
    return _kept(rooms, request, {**FIELDS, **said, **made}, status=201)


def change(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    """The token is what the body says it is."""
    before = rooms.hooks.get(request.path_params["hook"])
    if before is None:
        return error("app.webhooks.get_outgoing.app_error", "Unable to get the webhook.", 404)
    if not said.get("token") or said.get("id") != before["id"]:
        return error("model.outgoing_hook.is_valid.token.app_error", "Invalid token.", 400)
    return _kept(rooms, request, {**FIELDS, **said, "team_id": before["team_id"]}, status=200)


def _kept(rooms: Rooms, request: Request, hook: Record, *, status: int) -> Response:
    if may_not(request):
        return forbidden()
    if hook["channel_id"] != OPEN:
        return error("api.outgoing_webhook.disabled.app_error", "It is not public.", 403)
    rooms.hooks[hook["id"]] = hook
    return JSONResponse(hook if status == 201 else shown(rooms, hook), status)


def remove(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    if may_not(request):
        return forbidden()
    if rooms.hooks.pop(request.path_params["hook"], None) is None:
        return error("app.webhooks.get_outgoing.app_error", "Unable to get the webhook.", 404)
    return JSONResponse({"status": "OK"})


def listening(hooks: Record, said: Utterance) -> list[tuple[str, str]]:
    """Compared with the first word, whole or as its beginning."""
    first = (said.text.split() or [""])[0]
    return [
        (url, hook["token"])
        for hook in hooks.values()
        if hook["channel_id"] == said.room and _is_triggered(hook, first)
        for url in hook["callback_urls"]
    ]


def _is_triggered(hook: Record, first: str) -> bool:
    words = hook["trigger_words"]
    return first.startswith(tuple(words)) if hook["trigger_when"] else first in words
