"""What pretend Trello keeps and lists of what happens on a board:
https://developer.atlassian.com/cloud/trello/guides/rest-api/action-types/

The id of an action begins with its second:
https://developer.atlassian.com/cloud/trello/guides/rest-api/nested-resources/#actions-nested-resource"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ..store import Record
from .app import Planning
from .clock import iso

#: The most that is shown at once.
MOST = 1000
BOARD = {
    "id": "184200000000000000000001",
    "name": "Difference Engine",
    "url": "https://trello.com/b/eNgInEs1/difference-engine",
}
PEOPLE = {
    "ada": {"id": "1815", "username": "ada", "name": "Ada Lovelace"},
    "grace": {"id": "1906", "username": "grace", "name": "Grace Hopper"},
}
DOING, DONE = {"id": "l-2", "name": "Doing"}, {"id": "l-3", "name": "✅ Done"}
#: What is said of what can be done with a card: the type of the action, and its data.
HOWS: Mapping[str, tuple[str, Record]] = {
    "made": ("createCard", {"list": DONE}),
    "moved": (
        "updateCard",
        {"listBefore": DOING, "listAfter": DONE, "old": {"idList": DOING["id"]}},
    ),
    "back": ("updateCard", {"listBefore": DONE, "listAfter": DOING, "old": {"idList": DONE["id"]}}),
    "marked": ("updateCard", {"list": DOING, "old": {"dueComplete": False}}),
    "renamed": ("updateCard", {"list": DONE, "old": {"name": "Another name"}}),
    "placed": ("updateCard", {"list": DONE, "old": {"pos": 1}}),
    "deleted": ("deleteCard", {"list": DONE}),
    "commented": ("commentCard", {"list": DONE, "text": "Done?"}),
}


def action(thing: Record, person: Record, at: float, how: tuple[str, Record]) -> Record:
    kind, data = how
    card = {name: thing[name] for name in ("id", "name", "shortLink")}
    if "dueComplete" in data.get("old", {}):
        card["dueComplete"] = True
    creator = {name: person[name] for name in ("id", "username")}
    return {
        "id": _mongo_id(at),
        "idMemberCreator": person["id"],
        "type": kind,
        "date": iso(at),
        "data": {"board": BOARD, "card": card, **data},
        "memberCreator": {**creator, "fullName": person["name"]},
    }


def _mongo_id(at: float) -> str:
    return f"{int(at):08x}{int(at % 1 * 10**9):016x}"


async def actions(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """https://developer.atlassian.com/cloud/trello/rest/api-group-boards/#api-boards-boardid-actions-get"""
    if request.path_params["board"] != BOARD["id"]:
        return PlainTextResponse("unauthorized permission requested", 401)
    asked = dict(request.query_params)
    if partner.settings.get("stuck"):
        asked.pop("before", None)
    kept: list[Record] = list(partner.store.table("actions").values())
    found = [
        each
        for each in sorted(kept, key=lambda each: str(each["id"]), reverse=True)
        if each["type"] in asked.get("filter", str(each["type"])).split(",")
        and _mark(asked.get("since", "0")) <= each["id"] < _mark(asked.get("before", "g"))
    ]
    limit = min(int(asked.get("limit", 50)), MOST, int(partner.settings.get("most", MOST)))
    return JSONResponse(found[:limit])


def _mark(said: str) -> str:
    """An instant as the first id of its second; an id as it is."""
    if "-" not in said:
        return said
    return _mongo_id(int(datetime.fromisoformat(said.replace("Z", "+00:00")).timestamp()))
