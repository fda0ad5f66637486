"""Pretend ClickUp: https://developer.clickup.com/reference

It tells the secret of a webhook in the answer to its creation, and suspends one whose address
answers 401 or 410: https://developer.clickup.com/docs/webhookhealth"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..control import Action
from ..dialect import Dialect
from ..faults import Fault
from ..params import Params
from ..sending import Attempt, Signing
from ..store import Record
from .app import Call, Plan, Planning, by_hmac
from .clock import milliseconds
from .forge import Does

API = "/api/v2"
TEAM, LIST = "901", "162641062"
PEOPLE = {
    "ada": {"id": 1815, "username": "Ada Lovelace", "email": "ada@example.org"},
    "grace": {"id": 1906, "username": "Grace Hopper", "email": "grace@example.org"},
}
OPEN = {"status": "to do", "type": "open", "orderindex": 0}
CLOSED = {"status": "complete", "type": "closed", "orderindex": 1}


def error(sentence: str, code: str, status: int) -> Response:
    return JSONResponse({"err": sentence, "ECODE": code}, status)


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    person = partner.me(request)
    return JSONResponse({"user": {name: person[name] for name in ("id", "username", "email")}})


async def teams(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse({"teams": [{"id": TEAM, "name": "Engines"}]})


async def listed(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if request.path_params["list"] != LIST:
        return error("List not found", "ITEM_013", 404)
    return JSONResponse({"id": LIST, "name": "Difference Engine"})


async def task(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.things.get(request.path_params["task"])
    return JSONResponse(found) if found else error("Task not found, deleted", "ITEM_013", 404)


def authorized(does: Does) -> Does:
    """In the workspaces alone that somebody ticked on the consent page."""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if request.path_params["team"] != TEAM:
            return error("Team not authorized", "OAUTH_027", 401)
        return await does(partner, request, said)

    return call


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse({"webhooks": [shown(each) for each in partner.hooks.values()]})


def shown(hook: Record) -> Record:
    health = {"status": hook["status"], "fail_count": 0}
    kept = {name: hook[name] for name in ("id", "events", "list_id", "secret")}
    return {**kept, "team_id": int(TEAM), "endpoint": hook["url"], "health": health}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    name = f"hook-{partner.store.next_id('hook', 1)}"
    partner.hooks[name] = {
        "id": name,
        "url": said["endpoint"],
        "events": said["events"],
        "list_id": said.get("list_id"),
        "secret": secrets.token_urlsafe(24),
        "status": "active",
    }
    return JSONResponse({"id": name, "webhook": shown(partner.hooks[name])})


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    hook = partner.hooks.get(request.path_params["webhook"])
    if not hook:
        return error("Webhook not found", "WEBHOOK_001", 404)
    hook.update(url=said["endpoint"], events=said["events"], status=said["status"])
    return JSONResponse({"id": hook["id"], "webhook": shown(hook)})


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["webhook"], None)
    return JSONResponse({}) if gone else error("Webhook not found", "WEBHOOK_001", 404)


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["before"], thing["status"] = thing["status"], CLOSED if is_done else OPEN
    thing["date_updated"] = milliseconds(at)
    thing["date_closed"] = thing["date_done"] = milliseconds(at) if is_done else None


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://developer.clickup.com/docs/webhooktaskpayloads"""
    item = {
        "id": secrets.token_hex(8),
        "type": 1,
        "date": milliseconds(at),
        "field": "status",
        "parent_id": LIST,
        "user": {name: person[name] for name in ("id", "username", "email")},
        "before": thing["before"],
        "after": thing["status"],
    }
    event = {"event": "taskStatusUpdated", "history_items": [item]}
    return {**event, "task_id": thing["id"], "webhook_id": "hook-1"}


class ClickUp(Planning):
    name: ClassVar[str] = "clickup"
    title: ClassVar[str] = "ClickUp"
    plan = Plan(
        calls=(
            Call("GET", f"{API}/user", me),
            Call("GET", f"{API}/team", teams),
            Call("GET", f"{API}/list/{{list}}", listed),
            Call("GET", f"{API}/task/{{task}}", task),
            Call("GET", f"{API}/team/{{team}}/webhook", authorized(webhooks)),
            Call("POST", f"{API}/team/{{team}}/webhook", authorized(create)),
            Call("PUT", f"{API}/webhook/{{webhook}}", change),
            Call("DELETE", f"{API}/webhook/{{webhook}}", remove),
        ),
        people=PEOPLE,
        things={
            "1vj38vv": {
                "id": "1vj38vv",
                "name": "Oil the mill",
                "url": "https://app.clickup.com/t/1vj38vv",
                "status": OPEN,
                "list": {"id": LIST, "name": "Difference Engine"},
                "tags": [{"name": "brass"}],
            },
        },
        moved=moved,
        told=told,
        signing=by_hmac(Signing("X-Signature")),
        dialect=Dialect("/api", f"{API}/oauth/token", client_auth="post", pkce="off"),
        refusals={
            "429": (429, {"err": "Rate limit reached", "ECODE": "APP_002"}),
            "500": (500, {"err": "Internal Server Error", "ECODE": "INTERNAL"}),
            "expired": (401, {"err": "Token invalid", "ECODE": "OAUTH_025"}),
            "revoked": (401, {"err": "Token invalid", "ECODE": "OAUTH_025"}),
        },
    )

    def speak(self, fault: Fault, path: str) -> Response:
        """When there may be calls again it says as a time:
        https://developer.clickup.com/docs/rate-limits"""
        answer = self.refusal(fault.kind)
        if fault.kind == "429":
            reset = int(self.store.now()) + fault.retry_after
            left = {"Limit": "100", "Remaining": "0", "Reset": str(reset)}
            answer.headers.update({f"X-RateLimit-{name}": value for name, value in left.items()})
        return answer

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "suspend": self._suspend}

    async def _suspend(self, params: Params, _: str) -> Record:
        """Each webhook has failed too often."""
        for hook in self.hooks.values():
            hook["status"] = "suspended"
        return {"said": "They are suspended."}

    async def send(self, hook: Record, body: bytes) -> Attempt:
        attempt = await super().send(hook, body)
        if attempt.status in (401, 410):
            hook["status"] = "suspended"
        return attempt
