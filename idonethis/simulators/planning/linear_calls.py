"""What pretend Linear is asked, and how it refuses: with 200, too.

What is in one workspace is not shown to who is in another one. Webhooks take the scope ``admin``,
and are signed with the secret that they were made with, or with one that is made up:
https://linear.app/developers/webhooks"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Planning
from .linear_past import TEAMS, initiatives, issues, projects

WORKSPACES = {"o-1": "Engines", "o-2": "Night Shift"}
PEOPLE = {
    "ada": {"id": "1815", "name": "Ada Lovelace", "email": "ada@example.org", "workspace": "o-1"},
    "grace": {
        "id": "1906",
        "name": "Grace Hopper",
        "email": "grace@example.org",
        "workspace": "o-1",
    },
    "mallory": {
        "id": "1666",
        "name": "Mallory",
        "email": "mallory@example.org",
        "workspace": "o-2",
    },
}

Answers = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Record]]


class Refused(Exception):
    """The code of an error, as a 200 brings it."""


def errors(code: str) -> Record:
    """https://linear.app/developers/rate-limiting#handling-rate-limit-errors"""
    return {"errors": [{"message": "It was refused.", "extensions": {"code": code}}]}


def person(said: Record) -> Record:
    return {name: said[name] for name in ("id", "name", "email")}


async def viewer(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    return {"viewer": person(partner.me(request))}


async def organization(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    name = partner.me(request)["workspace"]
    return {"organization": {"id": name, "name": WORKSPACES[name]}}


async def teams(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    place = partner.me(request)["workspace"]
    public = [each for each in TEAMS.values() if not each.get("private")]
    seen = [each for each in public if each["workspace"] == place]
    return {"teams": {"nodes": [{name: each[name] for name in ("id", "name")} for each in seen]}}


def for_admins(does: Answers) -> Answers:
    """https://linear.app/developers/oauth-2-0-authentication"""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
        token = partner.grants.find(partner.token_of(request)) or {}
        if "admin" not in token.get("scopes", ()):
            raise Refused("FORBIDDEN")
        return await does(partner, request, said)

    return call


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    place = partner.me(request)["workspace"]
    seen = [each for each in partner.hooks.values() if each["workspace"] == place]
    return {"webhooks": {"nodes": [shown(each) for each in seen]}}


def shown(hook: Record) -> Record:
    return {name: hook[name] for name in ("id", "url", "enabled", "resourceTypes")}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    wanted, place = said["input"], partner.me(request)["workspace"]
    team = TEAMS.get(wanted.get("teamId"), {})
    is_here = team.get("workspace") == place or wanted.get("allPublicTeams") is True
    leads = str(wanted.get("url")).startswith("http")
    if not is_here or not wanted.get("resourceTypes") or not leads:
        raise Refused("INPUT_ERROR")
    name = str(uuid.uuid4())
    made = {"id": name, "workspace": place, "enabled": True, "secret": f"lin_wh_{name}"}
    partner.hooks[name] = {**made, "team": team.get("id"), **_given(wanted)}
    return {"webhookCreate": {"success": True, "webhook": shown(partner.hooks[name])}}


def _given(wanted: Mapping[str, Any]) -> Record:
    names = ("url", "label", "enabled", "resourceTypes", "secret")
    return {name: wanted[name] for name in names if name in wanted}


def _ours(partner: Planning, request: Request, name: str) -> Record:
    found: Record = partner.hooks.get(name) or {}
    if not found or found["workspace"] != partner.me(request)["workspace"]:
        raise Refused("INPUT_ERROR")
    return found


async def update(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    hook = _ours(partner, request, said["id"])
    hook.update(_given(said["input"]))
    return {"webhookUpdate": {"success": True, "webhook": shown(hook)}}


async def delete(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    del partner.hooks[_ours(partner, request, said["id"])["id"]]
    return {"webhookDelete": {"success": True}}


ASKED: Mapping[str, Answers] = {
    "viewer {": viewer,
    "organization {": organization,
    "teams (": teams,
    "webhooks (": for_admins(webhooks),
    "webhookCreate (": for_admins(create),
    "webhookUpdate (": for_admins(update),
    "webhookDelete (": for_admins(delete),
    " issues (": issues,
    " projects (": projects,
    " initiatives (": initiatives,
}


async def answer(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    query, variables = str(said.get("query")), said.get("variables") or {}
    asked = [each for word, each in ASKED.items() if word in query]
    data: Record = {}
    try:
        if not asked:
            raise Refused("GRAPHQL_VALIDATION_FAILED")
        for each in asked:
            data |= await each(partner, request, {**variables, "query": query})
    except Refused as problem:
        return JSONResponse({"data": None, **errors(str(problem))})
    return JSONResponse({"data": data})
