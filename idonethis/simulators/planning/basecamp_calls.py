"""What pretend Basecamp is asked, and how it refuses: https://github.com/basecamp/bc3-api

Launchpad says in which accounts somebody is; what they may not see there is not there, and of an
account that is suspended nothing is. Lists come in pages, of which the first is the shortest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..clients import LOOPBACK_HOSTS
from ..store import Record
from .app import Planning

ENGINES, OLD, NIGHT = "1000195", "1000042", "2000007"
#: By account: who is in it, by which number; whoever is a client there; and its projects.
ACCOUNTS: Mapping[str, Record] = {
    OLD: {"name": "Sold Looms", "people": {"ada": 1}, "projects": {}, "suspended": True},
    ENGINES: {
        "name": "Engines",
        "people": {"ada": 1815, "grace": 1906, "charles": 1791},
        "clients": ("charles",),
        "projects": {str(n): f"Loom {n}" for n in range(20, 3, -1)} | {"3": "Difference Engine"},
    },
    NIGHT: {"name": "Night Shift", "people": {"mallory": 1666}, "projects": {"9": "Lamps"}},
}
PEOPLE = {
    "ada": {"key": "ada", "identity": 7001, "name": "Ada Lovelace"},
    "grace": {"key": "grace", "identity": 7002, "name": "Grace Hopper"},
    "charles": {"key": "charles", "identity": 7004, "name": "Charles Babbage"},
    "mallory": {"key": "mallory", "identity": 7003, "name": "Mallory"},
    "byron": {"key": "byron", "identity": 7005, "name": "Anne Byron"},
}
#: https://github.com/basecamp/geared_pagination
PAGES = (15, 30, 50, 100)
MOST_HOOKS = 3

Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]


def error(sentence: str) -> Record:
    return {"error": sentence}


def named(does: Does) -> Does:
    """Whoever does not say what they are called hears nothing else."""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        agent = request.headers.get("user-agent", "")
        if "(" not in agent or not ("@" in agent or "://" in agent):
            return JSONResponse(error("Say who you are in the User-Agent."), 400)
        return await does(partner, request, said)

    return call


def inside(does: Does) -> Does:
    """For those who are in the account."""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        account = ACCOUNTS.get(request.path_params["account"], {})
        if account.get("suspended"):
            return Response(status_code=404, headers={"Reason": "Account Inactive"})
        if partner.me(request)["key"] not in account.get("people", {}):
            return Response(status_code=404)
        return await does(partner, request, said)

    return named(call)


def for_members(does: Does) -> Does:
    """And no clients."""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        account = ACCOUNTS[request.path_params["account"]]
        if partner.me(request)["key"] in account.get("clients", ()):
            return JSONResponse(error("Forbidden"), 403)
        if request.path_params.get("project", "") not in {"", *account["projects"]}:
            return Response(status_code=404)
        return await does(partner, request, said)

    return inside(call)


async def authorization(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    person = partner.me(request)
    mine = [number for number, each in ACCOUNTS.items() if person["key"] in each["people"]]
    known = [{"product": "bc3", "id": int(n), "name": ACCOUNTS[n]["name"]} for n in reversed(mine)]
    first, _, last = person["name"].partition(" ")
    identity = {"id": person["identity"], "first_name": first, "last_name": last}
    classic = {"product": "bcx", "id": 11, "name": "Engines, before"}
    return JSONResponse({"identity": identity, "accounts": [classic, *known]})


async def profile(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse(person(partner.me(request), request.path_params["account"]))


def person(said: Record, account: str) -> Record:
    number = ACCOUNTS[account]["people"][said["key"]]
    return {"id": number, "name": said["name"], "personable_type": "User"}


async def projects(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    listed = ACCOUNTS[request.path_params["account"]]["projects"]
    return paged(request, [{"id": int(number), "name": name} for number, name in listed.items()])


def paged(request: Request, listed: list[Record]) -> Response:
    """https://github.com/basecamp/bc3-api/blob/master/README.md#pagination"""
    page = int(request.query_params.get("page", "1"))
    begin = sum(PAGES[min(n, 3)] for n in range(page - 1))
    end = begin + PAGES[min(page - 1, 3)]
    following = request.url.include_query_params(page=page + 1)
    headers = {"Link": f'<{following}>; rel="next"'} if end < len(listed) else {}
    return JSONResponse(listed[begin:end], headers=headers)


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    place = _place(request)
    return paged(
        request, [shown(each) for each in partner.hooks.values() if each["place"] == place]
    )


def _place(request: Request) -> str:
    return "{account}/{project}".format(**request.path_params)


def shown(hook: Record) -> Record:
    return {name: hook[name] for name in ("id", "active", "payload_url", "types")}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if not _takes(said.get("payload_url")):
        return JSONResponse(error("Payload url must be HTTPS"), 400)
    if len(partner.hooks) >= MOST_HOOKS:
        return JSONResponse(error("The webhook limit for this account has been reached."), 507)
    number = partner.store.next_id("hook", 501)
    hook = {"id": number, "active": True, "place": _place(request)}
    return JSONResponse(_kept(partner, hook, said), 201)


def _takes(url: object) -> bool:
    """On https alone; the machine itself is let pass here, for want of a certificate."""
    parts = urlsplit(str(url or ""))
    return parts.scheme == "https" or parts.hostname in LOOPBACK_HOSTS


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any]) -> Record:
    wanted = {"payload_url": said["payload_url"], "url": said["payload_url"]}
    wanted |= {"types": said.get("types") or ["all"], "active": said.get("active", hook["active"])}
    partner.hooks[str(hook["id"])] = {**hook, **wanted}
    return shown(partner.hooks[str(hook["id"])])


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = _found(partner, request)
    if not found:
        return Response(status_code=404)
    if not _takes(said.get("payload_url")):
        return JSONResponse(error("Payload url must be HTTPS"), 400)
    return JSONResponse(_kept(partner, found, said))


def _found(partner: Planning, request: Request) -> Record:
    found: Record = partner.hooks.get(request.path_params["hook"], {})
    return found if found.get("place", "").startswith(f"{request.path_params['account']}/") else {}


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = _found(partner, request)
    if found:
        del partner.hooks[str(found["id"])]
    return Response(status_code=204 if found else 404)
