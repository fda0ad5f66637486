"""What pretend Linear lists of what is completed: https://linear.app/developers/pagination

Archived things are shown to who asks for them, and those that were deleted are among them. What is
in a private team, or in another workspace, is shown to nobody here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request

from ..store import Record
from .app import Planning

STARTED = {"id": "s-2", "name": "In Progress", "type": "started"}
DONE = {"id": "s-3", "name": "Done", "type": "completed"}
SHIPPED = {"id": "s-4", "name": "Shipped", "type": "completed"}
TEAMS: Record = {
    "t-1": {"id": "t-1", "key": "ENG", "name": "Difference Engine", "workspace": "o-1"},
    "t-2": {"id": "t-2", "key": "LOOM", "name": "Looms", "workspace": "o-1", "private": True},
    "t-9": {"id": "t-9", "key": "OWL", "name": "Owls", "workspace": "o-2"},
}
#: What a thing of a kind says of where it stands, and of whose it is.
FINISHED: Record = {
    "Issue": {"state": DONE},
    "Project": {"status": {"id": "ps-5", "name": "Completed", "type": "completed"}},
    "Initiative": {"status": "Completed"},
}
WHOSE = {"Issue": "assignee", "Project": "lead", "Initiative": "owner"}
#: What the partner keeps of a thing, and shows in no webhook.
KEPT = ("kind", "before", "team_id", "history", "archivedAt", "trashed", "createdAt")


def named(kind: str, number: int, title: str) -> Record:
    """Issues have a number and a title; the others have a name."""
    path = f"https://linear.app/engines/{kind.lower()}/{number}"
    facts: Record = {"id": f"4f0e8b5c-{kind.lower()}-{number:04}", "url": path, "kind": kind}
    if kind == "Issue":
        return {**facts, "identifier": f"ENG-{number}", "title": title, "labels": []}
    return {**facts, "name": title}


def shown(thing: Record) -> Record:
    """In a webhook."""
    facts = {name: thing[name] for name in thing if name not in KEPT}
    team = TEAMS[thing.get("team_id", "t-1")]
    return {**facts, "team": {name: team[name] for name in ("id", "key", "name")}}


async def issues(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    return _listed(partner, request, said, kind="Issue")


async def projects(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    return _listed(partner, request, said, kind="Project")


async def initiatives(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    return _listed(partner, request, said, kind="Initiative")


def _listed(partner: Planning, request: Request, said: Mapping[str, Any], *, kind: str) -> Record:
    """By their making, newest first."""
    asked, query, name = said["filter"], str(said["query"]), f"{kind.lower()}s"
    archived, place = "includeArchived: true" in query, partner.me(request)["workspace"]
    found = [
        each
        for each in partner.things.values()
        if each.get("kind", "Issue") == kind
        and _is_meant(each, asked)
        and _is_in(TEAMS[each.get("team_id", "t-1")], asked, place)
        and (archived or not each.get("archivedAt"))
    ]
    found.sort(key=lambda each: each.get("createdAt", ""), reverse=True)
    size = re.search(rf"{name} \(first: ([0-9]+)", query)
    page = _page(partner, found, int(size[1] if size else said.get("first", 50)), said.get("after"))
    nodes = [_node(each, "history (" in query) for each in page.pop("nodes")]
    return {name: {**page, "nodes": nodes}}


def _is_meant(thing: Record, asked: Mapping[str, Any]) -> bool:
    names, done = asked.get("id", {}).get("in", [thing["id"]]), str(thing.get("completedAt") or "")
    since = asked.get("completedAt", {}).get("gte")
    is_recent = not since or (bool(done) and _instant(done) >= _instant(since))
    return thing["id"] in names and is_recent


def _instant(said: str) -> datetime:
    return datetime.fromisoformat(said.replace("Z", "+00:00"))


def _is_in(team: Record, asked: Mapping[str, Any], place: str) -> bool:
    """https://linear.app/developers/filtering"""
    wanted = asked.get("team") or asked.get("accessibleTeams", {}).get("some", {})
    facts = {"id": team["id"], "private": team.get("private", False)}
    is_theirs = all(facts[name] == each["eq"] for name, each in wanted.items())
    return team["workspace"] == place and is_theirs


def _page(partner: Planning, found: list[Record], size: int, after: str | None) -> Record:
    size = min(size, int(partner.settings.get("most", 250)))
    names = [each["id"] for each in found]
    begin = names.index(after) + 1 if after in names else 0
    page = found[begin : begin + size]
    more = begin + size < len(found)
    info = {"hasNextPage": more, "endCursor": page[-1]["id"] if page else None}
    return {"nodes": page, "pageInfo": info}


def _node(thing: Record, whole: bool) -> Record:
    """Its history begins with what came last."""
    facts = {**shown(thing), "trashed": thing.get("trashed") or None}
    if thing.get("kind", "Issue") != "Issue":
        return facts
    history = {"history": {"nodes": thing.get("history", [])[::-1]}} if whole else {}
    return {**facts, "labels": {"nodes": facts["labels"]}, **history}
