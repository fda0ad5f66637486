"""Pretend Asana: https://developers.asana.com/reference/rest-api-reference

A webhook is made only where the address answers the handshake while it is being made:
https://developers.asana.com/docs/webhooks-guide#the-webhook-handshake"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..dialect import Dialect
from ..sending import Signing
from ..store import Record
from .app import Call, Plan, Planning, by_hmac
from .clock import iso

API = "/api/1.0"
WORKSPACE = {"gid": "42", "resource_type": "workspace", "name": "Engines"}
PROJECT = {"gid": "1842", "resource_type": "project", "name": "Difference Engine"}
PEOPLE = {
    "ada": {"gid": "1815", "name": "Ada Lovelace", "email": "ada@example.org"},
    "grace": {"gid": "1906", "name": "Grace Hopper", "email": "grace@example.org"},
}


def error(sentence: str, status: int) -> Response:
    return JSONResponse({"errors": [{"message": sentence}]}, status)


def data(said: Any, status: int = 200) -> Response:
    return JSONResponse({"data": said}, status)


async def user(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gid = request.path_params["gid"]
    known = {each["gid"]: each for each in partner.accounts.values()}
    found = partner.me(request) if gid == "me" else known.get(gid)
    if not found:
        return error(f"user: Unknown object: {gid}", 404)
    person = {name: found[name] for name in ("gid", "name", "email")}
    return data({**person, "resource_type": "user", "workspaces": [WORKSPACE]})


async def typeahead(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    query = request.query_params.get("query", "").lower()
    return data([PROJECT] if query in str(PROJECT["name"]).lower() else [])


async def project(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if request.path_params["gid"] != PROJECT["gid"]:
        return error("project: Unknown object", 404)
    return data({**PROJECT, "workspace": WORKSPACE})


async def task(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.things.get(request.path_params["gid"])
    return data(found) if found else error("task: Unknown object", 404)


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if not request.query_params.get("workspace"):
        return error("workspace: Missing input", 400)
    wanted = request.query_params.get("resource")
    found = [shown(each) for each in partner.hooks.values() if each["resource"] == wanted]
    return data(found)


def shown(hook: Record) -> Record:
    resource = {"gid": hook["resource"], "resource_type": "project"}
    return {"gid": hook["gid"], "active": True, "resource": resource, "target": hook["url"]}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    asked = said.get("data") or {}
    if asked.get("resource") != PROJECT["gid"]:
        return error("resource: Unknown object", 404)
    secret = secrets.token_hex(32)
    attempt = await partner.sender.post(
        asked["target"], b"", headers={"X-Hook-Secret": secret, "Content-Type": "application/json"}
    )
    if not attempt.arrived or attempt.headers.get("x-hook-secret") != secret:
        return error("Could not complete activation handshake with target URL.", 400)
    gid = str(partner.store.next_id("hook", 9001))
    hook = {"gid": gid, "url": asked["target"], "resource": asked["resource"], "secret": secret}
    partner.hooks[gid] = {**hook, "filters": asked.get("filters")}
    return JSONResponse({"data": shown(partner.hooks[gid]), "X-Hook-Secret": secret}, 201)


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["gid"], None)
    return data({}) if gone else error("webhook: Unknown object", 404)


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    by = {"gid": person["gid"], "resource_type": "user", "name": person["name"]}
    thing["completed"], thing["modified_at"] = is_done, iso(at)
    thing["completed_at"], thing["completed_by"] = (iso(at), by) if is_done else (None, None)


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://developers.asana.com/docs/webhooks-guide#receive-events"""
    event = {
        "user": {"gid": person["gid"], "resource_type": "user"},
        "created_at": iso(at),
        "action": "changed",
        "resource": {"gid": thing["gid"], "resource_type": "task"},
        "parent": None,
        "change": {"field": "completed", "action": "changed"},
    }
    return {"events": [event]}


class Asana(Planning):
    name: ClassVar[str] = "asana"
    title: ClassVar[str] = "Asana"
    plan = Plan(
        calls=(
            Call("GET", f"{API}/users/{{gid}}", user),
            Call("GET", f"{API}/workspaces/{{gid}}/typeahead", typeahead),
            Call("GET", f"{API}/projects/{{gid}}", project),
            Call("GET", f"{API}/tasks/{{gid}}", task),
            Call("GET", f"{API}/webhooks", webhooks),
            Call("POST", f"{API}/webhooks", create),
            Call("DELETE", f"{API}/webhooks/{{gid}}", remove),
        ),
        people=PEOPLE,
        things={
            "7001": {
                "gid": "7001",
                "resource_type": "task",
                "name": "Oil the mill",
                "completed": False,
                "permalink_url": "https://app.asana.com/1/42/project/1842/task/7001",
                "tags": [{"gid": "1", "name": "brass"}],
            },
        },
        moved=moved,
        told=told,
        signing=by_hmac(Signing("X-Hook-Signature")),
        dialect=Dialect(
            "/-/oauth_authorize", "/-/oauth_token", client_auth="post", lifetime=3600, rotates=False
        ),
        token=lambda person: {"data": dict(person)},
        refusals={
            "429": (429, {"errors": [{"message": "You have made too many requests recently."}]}),
            "500": (500, {"errors": [{"message": "Server Error"}]}),
            "expired": (401, {"errors": [{"message": "Not Authorized"}]}),
            "revoked": (401, {"errors": [{"message": "Not Authorized"}]}),
        },
    )
