"""Pretend Shortcut: https://developer.shortcut.com/api/rest/v3

A token is of one member of one workspace. Webhooks are made, shown by their ids and removed; none
is changed, they are not listed, and a secret is never shown:
https://help.shortcut.com/hc/en-us/articles/34734717380756-Registering-Outgoing-Webhooks-API"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..sending import Signing
from ..store import Record
from .app import Call, Plan, Planning, by_hmac
from .clock import iso
from .forge import Does, Forge, site_of

API = "/api/v3"
HOOKS = f"{API}/integrations/webhook"
PEOPLE: Mapping[str, Record] = {
    "ada": {"id": "1815", "mention_name": "ada", "name": "Ada Lovelace", "workspace": "engines"},
    "grace": {
        "id": "1906",
        "mention_name": "grace",
        "name": "Grace Hopper",
        "workspace": "engines",
        "observes": True,
    },
    "mallory": {"id": "1666", "mention_name": "m", "name": "Mallory", "workspace": "outsiders"},
}
DOING = {"id": 500000007, "entity_type": "workflow-state", "name": "Doing", "type": "started"}
DONE = {"id": 500000009, "entity_type": "workflow-state", "name": "Turning", "type": "done"}
LOST = JSONResponse({"message": "Resource not found."}, 404)


async def member(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    me = partner.me(request)
    named = {name: me[name] for name in ("id", "name", "mention_name")}
    return JSONResponse({**named, "workspace2": {"url_slug": me["workspace"]}})


def by_members(does: Does) -> Does:
    """Not by observers, and in nobody else's workspace."""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        me = partner.me(request)
        if me.get("observes"):
            return JSONResponse({"message": "Observers may not do this."}, 403)
        pk = request.path_params.get("hook")
        if pk and partner.hooks.get(pk, {}).get("workspace") != me["workspace"]:
            return LOST
        return await does(partner, request, said)

    return call


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    url, secret = str(said.get("webhook_url", "")), str(said.get("secret", ""))
    if not url.startswith(("http://", "https://")) or len(secret) > 128:
        return JSONResponse({"message": "The request included invalid parameters."}, 400)
    pk = partner.store.next_id("hook", 9001)
    where = {"workspace": partner.me(request)["workspace"], "site": site_of(request)}
    partner.hooks[str(pk)] = {"id": pk, "url": url, "secret": secret, "disabled": False, **where}
    return JSONResponse(shown(partner.hooks[str(pk)]), 201)


def shown(hook: Record) -> Record:
    return {
        "entity_type": "integration",
        "type": "generic",
        "id": hook["id"],
        "webhook_url": hook["url"],
        "disabled": hook["disabled"],
        "has_secret": bool(hook["secret"]),
    }


async def show(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse(shown(partner.hooks[request.path_params["hook"]]))


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    del partner.hooks[request.path_params["hook"]]
    return Response(status_code=204)


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["workflow_state_id"] = (DONE if is_done else DOING)["id"]


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://developer.shortcut.com/api/webhook/v1"""
    before, after = (DOING, DONE) if is_done else (DONE, DOING)
    changes = {
        "workflow_state_id": {"new": after["id"], "old": before["id"]},
        "completed": {"new": is_done, "old": not is_done},
    }
    about = {"entity_type": "story", "action": "update", "changes": changes}
    return {
        "id": str(uuid.uuid4()),
        "changed_at": iso(at),
        "primary_id": thing["id"],
        "member_id": person["id"],
        "version": "v1",
        "actions": [{**about, **{name: thing[name] for name in ("id", "name", "app_url")}}],
        "references": [DOING, DONE],
    }


class Shortcut(Forge):
    name: ClassVar[str] = "shortcut"
    title: ClassVar[str] = "Shortcut"
    plan = Plan(
        calls=(
            Call("GET", f"{API}/member", member),
            Call("POST", HOOKS, by_members(create)),
            Call("GET", f"{HOOKS}/{{hook}}", by_members(show)),
            Call("DELETE", f"{HOOKS}/{{hook}}", by_members(remove)),
        ),
        people=PEOPLE,
        things={
            "12": {
                "id": 12,
                "name": "Oil the mill",
                "app_url": "https://app.shortcut.com/engines/story/12",
            }
        },
        moved=moved,
        told=told,
        signing=by_hmac(Signing("Payload-Signature")),
        refusals={
            "429": (429, {"message": "Too many requests."}),
            "500": (500, {"message": "Internal Server Error"}),
            "expired": (401, {"message": "Unauthorized"}),
            "revoked": (401, {"message": "Unauthorized"}),
        },
    )

    def token_of(self, request: Request) -> str:
        return request.headers.get("shortcut-token", "")
