"""What pretend Bitbucket is asked, and how it refuses.

Only who administers a repository sees its webhooks, and who is not in a workspace sees nothing of
it. The secret of a webhook is never shown again, only that there is one:
https://developer.atlassian.com/cloud/bitbucket/rest/api-group-webhooks/"""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Planning

API = "/2.0"
HOOKS = f"{API}/repositories/{{workspace}}/{{repository}}/hooks"
PEOPLE = {
    "ada": {"account_id": "557058:1815", "uuid": "{1815}", "display_name": "Ada Lovelace"},
    "grace": {"account_id": "557058:1906", "uuid": "{1906}", "display_name": "Grace Hopper"},
    "mallory": {"account_id": "557058:1666", "uuid": "{1666}", "display_name": "Mallory"},
}
WORKSPACES = {"analytical": ("{1815}", "{1906}"), "night-shift": ("{1666}",)}
#: Who administers a repository.
REPOSITORIES = {
    "analytical/engine": ("{1815}",),
    "analytical/mill": ("{1815}", "{1906}"),
    "night-shift/lamps": ("{1666}",),
}

Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]


def error(message: str) -> Record:
    """https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses"""
    return {"type": "error", "error": {"message": message}}


def page(values: list[Record]) -> Response:
    return JSONResponse({"pagelen": 100, "page": 1, "size": len(values), "values": values})


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse(person(partner.me(request)))


def person(said: Record) -> Record:
    shown = {name: said[name] for name in ("account_id", "uuid", "display_name")}
    return {**shown, "type": "user"}


async def workspaces(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    who = partner.me(request)["uuid"]
    mine = [name for name, members in WORKSPACES.items() if who in members]
    return page([{"type": "workspace_access", "workspace": {"slug": name}} for name in mine])


async def repositories(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    who, place = partner.me(request)["uuid"], request.path_params["workspace"]
    asked = re.fullmatch(r'name ~ "(.*)"', request.query_params.get("q", 'name ~ ""'))
    if who not in WORKSPACES.get(place, ()) or not asked:
        return JSONResponse(error("Bad request"), 400)
    admin = request.query_params.get("role") == "admin"
    named = [name for name in REPOSITORIES if name.startswith(f"{place}/")]
    found = [name for name in named if asked[1].lower() in name.partition("/")[2]]
    return page([{"full_name": name} for name in found if not admin or who in REPOSITORIES[name]])


def for_admins(does: Does) -> Does:
    """404 for who may not know that it is there, 403 for who may not see its webhooks."""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        who, name = partner.me(request)["uuid"], _name(request)
        if name not in REPOSITORIES or who not in WORKSPACES[name.partition("/")[0]]:
            return JSONResponse(error(f"Repository {name} not found"), 404)
        if who not in REPOSITORIES[name] or "webhook" not in _scopes(partner, request):
            return JSONResponse(error("You must be an admin to do this."), 403)
        return await does(partner, request, said)

    return call


def _name(request: Request) -> str:
    return "{workspace}/{repository}".format(**request.path_params)


def _scopes(partner: Planning, request: Request) -> list[str]:
    return list((partner.grants.find(partner.token_of(request)) or {}).get("scopes", ()))


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    name = _name(request)
    return page([shown(each) for each in partner.hooks.values() if each["repository"] == name])


def shown(hook: Record) -> Record:
    facts = {name: hook[name] for name in ("uuid", "url", "description", "active", "events")}
    return {**facts, "type": "webhook_subscription", "secret_set": bool(hook["secret"])}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    blank = {"uuid": f"{{{uuid.uuid4()}}}", "secret": None, "active": False, "description": ""}
    return _kept(partner, {**blank, "repository": _name(request)}, said, status=201)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    return _kept(partner, found, said, status=200) if found else _gone()


def _gone() -> Response:
    return JSONResponse(error("Webhook not found"), 404)


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any], *, status: int) -> Response:
    """What is not said stays as it is, the secret too."""
    if not str(said.get("url")).startswith("http") or not said.get("events"):
        return JSONResponse(error("Bad request"), 400)
    names = ("url", "description", "active", "events", "secret")
    partner.hooks[hook["uuid"]] = {**hook, **{each: said[each] for each in names if each in said}}
    return JSONResponse(shown(partner.hooks[hook["uuid"]]), status)


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return Response(status_code=204) if gone else _gone()
