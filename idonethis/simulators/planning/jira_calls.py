"""What pretend Jira Cloud is asked, and how it refuses:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Planning

REST = "/ex/jira/{site}/rest/api/3"
ENGINES, LOOMS = "1842aaaa-0000-4000-8000-000000000001", "1801bbbb-0000-4000-8000-000000000002"
PEOPLE = {
    "ada": {"account_id": "1815", "name": "Ada Lovelace", "email": "ada@example.org"},
    "grace": {"account_id": "1906", "name": "Grace Hopper", "email": "grace@example.org"},
    "mallory": {"account_id": "1666", "name": "Mallory", "email": "mallory@example.org"},
}
SITES: dict[str, Record] = {
    ENGINES: {"name": "engines", "members": ("1815", "1906")},
    LOOMS: {"name": "looms", "members": ("1815",)},
}
#: Which site a project belongs to, and who may browse it.
PROJECTS: dict[str, Record] = {
    "10000": {"key": "ENG", "name": "Engines", "site": ENGINES, "seen": ("1815", "1906")},
    "10001": {"key": "MILL", "name": "Mill", "site": ENGINES, "seen": ("1815",)},
    "10002": {"key": "LOOM", "name": "Looms", "site": LOOMS, "seen": ("1815",)},
}
WORK, HOOKS = "read:jira-work", "manage:jira-webhook"
Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]


def trouble(*messages: str) -> Record:
    return {"errorMessages": list(messages), "errors": {}}


def at_site(scope: str) -> Callable[[Does], Does]:
    """The gateway lets in who belongs to the site and has the scope."""

    def wrapped(does: Does) -> Does:
        async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
            token = partner.grants.find(partner.token_of(request)) or {}
            site = SITES.get(request.path_params["site"], {"members": ()})
            if scope not in token.get("scopes", ()):
                wrong = {"code": 401, "message": "Unauthorized; scope does not match"}
                return JSONResponse(wrong, 401)
            if partner.me(request)["account_id"] not in site["members"]:
                return JSONResponse({"code": 404, "message": "No message available"}, 404)
            return await does(partner, request, said)

        return call

    return wrapped


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    token = partner.grants.find(partner.token_of(request)) or {}
    if "read:me" not in token.get("scopes", ()):
        return JSONResponse({"code": 403, "message": "Forbidden; scope does not match"}, 403)
    who = partner.me(request)
    shown = {name: who[name] for name in ("account_id", "name", "email")}
    return JSONResponse({**shown, "account_type": "atlassian", "account_status": "active"})


async def sites(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """One with another product of Atlassian's stands among them."""
    who = partner.me(request)["account_id"]
    token = partner.grants.find(partner.token_of(request)) or {}
    scopes = [each for each in token.get("scopes", ()) if "jira" in each]
    listed = [
        {"id": pk, "name": site["name"], "url": f"https://{site['name']}.atlassian.net"}
        for pk, site in SITES.items()
        if who in site["members"]
    ]
    wiki = {"id": "1700cccc", "name": "wiki", "scopes": ["read:confluence-content.all"]}
    return JSONResponse([wiki, *({**each, "scopes": scopes} for each in listed)])


@at_site(WORK)
async def projects(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    asked = request.query_params.get("query", "").lower()
    seen = [
        each for each in _seen(partner, request) if asked in f"{each['name']} {each['key']}".lower()
    ]
    page = {"startAt": 0, "maxResults": 50, "total": len(seen), "isLast": True, "values": seen}
    return JSONResponse(page)


@at_site(WORK)
async def project(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    name = request.path_params["project"]
    found = [each for each in _seen(partner, request) if name in (each["id"], each["key"])]
    missing = trouble(f"No project could be found with key '{name}'.")
    return JSONResponse(found[0]) if found else JSONResponse(missing, 404)


def _seen(partner: Planning, request: Request) -> list[Record]:
    who, site = partner.me(request)["account_id"], request.path_params["site"]
    return [
        {"id": pk, "key": each["key"], "name": each["name"]}
        for pk, each in PROJECTS.items()
        if each["site"] == site and who in each["seen"]
    ]
