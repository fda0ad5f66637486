"""Pretend PagerDuty: https://developer.pagerduty.com/api-reference/

Keys belong to a user or to the account as a whole. A webhook is told its secret once, never changes
its address, and is switched off after three hooks in a row that were refused:
https://developer.pagerduty.com/docs/webhooks-behavior"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..control import Action
from ..faults import Fault
from ..params import Params
from ..sending import Attempt, Signing
from ..store import Record
from .app import Call, Plan, Planning, by_hmac
from .clock import iso
from .pagerduty_calls import HOME, LOST, change, create, enable, remove, webhooks

MILL, LOOM = "PMILL01", "PLOOM01"
SERVICES = {MILL: "Mill", LOOM: "Loom"}
#: A key without ``user`` is one of the account; ``reads`` alone may change nothing.
PEOPLE = {
    "ada": {"id": "1815", "name": "Ada Lovelace", "user": True, "reads": False},
    "grace": {"id": "1906", "name": "Grace Hopper", "user": True, "reads": True},
    "account": {"id": "", "name": "A key of the account", "user": False, "reads": False},
}


def user(person: Mapping[str, Any]) -> Record:
    named = {"id": person["id"], "type": "user", "name": person["name"]}
    return {**named, "html_url": f"https://{HOME}/users/{person['id']}"}


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    person = partner.me(request)
    if not person["user"]:
        return JSONResponse({"error": "There is no user to an account-level access token."}, 400)
    return JSONResponse({"user": user(person)})


async def users(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    listed = [user(each) for each in PEOPLE.values() if each["user"]]
    shown = listed[: int(request.query_params.get("limit", 25))]
    return JSONResponse({"users": shown, "limit": len(shown), "offset": 0, "more": True})


async def services(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    query = request.query_params.get("query", "").lower()
    found = [service(pk) for pk, name in SERVICES.items() if query in name.lower()]
    return JSONResponse({"services": found, "limit": 100, "offset": 0, "more": False})


def service(name: str) -> Record:
    page = f"https://{HOME}/service-directory/{name}"
    return {"id": name, "type": "service", "name": SERVICES[name], "html_url": page}


async def one_service(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    name = request.path_params["service"]
    is_there = name in SERVICES and partner.things
    return JSONResponse({"service": service(name)}) if is_there else LOST


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["status"] = "resolved" if is_done else "triggered"


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://developer.pagerduty.com/docs/webhooks-overview#webhook-payload"""
    page = f"https://{HOME}/incidents/{thing['id']}"
    about = {"id": thing["service"], "type": "service_reference"}
    agent = {"id": person["id"], "type": "user_reference", "summary": person["name"]}
    event = {
        "id": f"event-{at}",
        "event_type": "incident.resolved" if is_done else "incident.reopened",
        "resource_type": "incident",
        "occurred_at": iso(at),
        "agent": agent,
        "data": {
            **{name: thing[name] for name in ("id", "number", "title", "status")},
            "type": "incident",
            "html_url": page,
            "service": {**about, "summary": SERVICES[thing["service"]]},
            "assignees": [],
            "resolve_reason": None,
        },
    }
    return {"event": event}


class PagerDuty(Planning):
    name: ClassVar[str] = "pagerduty"
    title: ClassVar[str] = "PagerDuty"
    plan = Plan(
        calls=(
            Call("GET", "/users/me", me),
            Call("GET", "/users", users),
            Call("GET", "/services", services),
            Call("GET", "/services/{service}", one_service),
            Call("GET", "/webhook_subscriptions", webhooks),
            Call("POST", "/webhook_subscriptions", create),
            Call("PUT", "/webhook_subscriptions/{hook}", change),
            Call("POST", "/webhook_subscriptions/{hook}/enable", enable),
            Call("DELETE", "/webhook_subscriptions/{hook}", remove),
        ),
        people=PEOPLE,
        things={
            "12": {
                "id": "PI0012",
                "number": 12,
                "title": "Oil the mill",
                "status": "triggered",
                "service": MILL,
            }
        },
        moved=moved,
        told=told,
        signing=by_hmac(Signing("X-PagerDuty-Signature", prefix="v1=")),
        refusals={
            "429": (429, {"error": {"message": "Rate Limit Exceeded", "code": 2020}}),
            "500": (500, {"error": {"message": "Internal Server Error", "code": 2000}}),
            "expired": (401, {"error": {"message": "Authentication failed", "code": 2006}}),
            "revoked": (401, {"error": {"message": "Authentication failed", "code": 2006}}),
        },
    )

    def token_of(self, request: Request) -> str:
        """In these words alone: https://developer.pagerduty.com/docs/authentication"""
        said = request.headers.get("authorization", "")
        return said.removeprefix("Token token=") if said.startswith("Token token=") else ""

    def speak(self, fault: Fault, path: str) -> Response:
        """It says how many seconds are left, and not by Retry-After:
        https://developer.pagerduty.com/docs/rest-api-rate-limits"""
        answer = self.refusal(fault.kind)
        if fault.kind == "429":
            left = {"limit": "960", "remaining": "0", "reset": "20"}
            answer.headers.update({f"ratelimit-{name}": value for name, value in left.items()})
        return answer

    def actions(self) -> dict[str, Action]:
        more: dict[str, Action] = {"edit_hooks": self._edit_hooks, "crowd": self._crowd}
        return {**super().actions(), **more}

    async def _edit_hooks(self, params: Params, _: str) -> Record:
        """Somebody sets a ``field`` of all webhooks to this ``value``."""
        for hook in self.hooks.values():
            hook[params.text("field")] = params.get("value")
        return {"said": "They are changed."}

    async def _crowd(self, params: Params, _: str) -> Record:
        """Somebody makes ``many`` webhooks, for somewhere else."""
        for number in range(params.number("many")):
            other = {"id": f"PX{number}", "url": "", "active": False, "off": False, "secret": "x"}
            self.hooks[f"PX{number}"] = {**other, "events": [], "filter": {}, "refused": 0}
        return {"said": "There they are."}

    async def send(self, hook: Record, body: bytes) -> Attempt:
        """Nothing goes out for what a webhook is not about, or while it is off."""
        if not self._wants(hook, body.decode()):
            return Attempt(None, "", 0)
        attempt = await super().send(hook, body)
        is_dropped = attempt.status is not None and 400 <= attempt.status < 500
        hook["refused"] = hook["refused"] + 1 if is_dropped else 0
        hook["off"] = hook["refused"] >= 3
        return attempt

    def _wants(self, hook: Record, body: str) -> bool:
        about = hook["filter"].get("id", "")
        is_asked = any(event in body for event in hook["events"])
        return bool(hook["active"]) and not hook["off"] and is_asked and about in body
