"""Pretend Toggl Track: https://engineering.toggl.com/docs/webhooks_start

Its webhooks send only what is switched on and validated: once a signed ping with a code has been
answered with that code."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ..control import Action
from ..params import Params
from ..sending import Attempt, Signing
from ..store import Record
from .app import Call, Plan, Planning, by_hmac
from .clock import iso

API, WEBHOOKS = "/api/v9", "/webhooks/api/v1"
ALL = f"{WEBHOOKS}/subscriptions/{{workspace}}"
ONE = f"{ALL}/{{hook}}"
PEOPLE = {
    "ada": {"id": 1815, "fullname": "Ada Lovelace", "email": "ada@example.org"},
    "grace": {"id": 1906, "fullname": "Grace Hopper", "email": "grace@example.org"},
    "mallory": {"id": 1666, "fullname": "Mallory", "email": "mallory@example.net"},
}
#: Who is in a workspace.
WORKSPACES: Mapping[str, Record] = {
    "1842": {"name": "Analytical Engines", "people": (1815, 1906)},
    "1843": {"name": "Looms", "people": (1815,)},
    "1999": {"name": "Night Shift", "people": (1666,)},
}
#: Of the smallest plan: https://engineering.toggl.com/docs/webhooks_start/#limits
MOST_HOOKS, MOST_EVENTS = 1, 3
FACTS = ("subscription_id", "workspace_id", "user_id", "enabled", "description", "event_filters",
         "url_callback", "secret", "validated_at", "created_at")  # fmt: skip

Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    known = partner.me(request)
    return JSONResponse({name: known[name] for name in ("id", "fullname", "email")})


async def workspaces(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    mine = [(n, w["name"]) for n, w in WORKSPACES.items() if _is_in(partner, request, n)]
    return JSONResponse([{"id": int(number), "name": name} for number, name in mine])


def _is_in(partner: Planning, request: Request, workspace: str) -> bool:
    return partner.me(request)["id"] in WORKSPACES.get(workspace, {}).get("people", ())


def inside(does: Does) -> Does:
    """For those who are in the workspace, as long as the hour's calls are not spent."""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if partner.settings.get("quota") == "spent":
            return PlainTextResponse("You have hit your hourly limit for API calls", 402)
        if not _is_in(partner, request, request.path_params["workspace"]):
            return PlainTextResponse("User not found/accessible for workspace", 403)
        return await does(partner, request, said)

    return call


async def subscriptions(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse([shown(each) for each in _standing(partner, request)])


def _standing(partner: Planning, request: Request) -> list[Record]:
    place = int(request.path_params["workspace"])
    return [each for each in partner.hooks.values() if each["workspace_id"] == place]


def shown(hook: Record) -> Record:
    return {name: hook[name] for name in FACTS}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if len(_standing(partner, request)) >= MOST_HOOKS:
        return PlainTextResponse("Maximum number of subscriptions reached", 400)
    hook: Record = {
        "subscription_id": partner.store.next_id("hook", 12),
        "workspace_id": int(request.path_params["workspace"]),
        "user_id": partner.me(request)["id"],
        "secret": secrets.token_hex(16),
        "validated_at": None,
        "created_at": partner.now(),
    }
    return await _kept(partner, hook, said)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = _found(partner, request)
    return await _kept(partner, found, said) if found else _lost()


def _found(partner: Planning, request: Request) -> Record:
    found = partner.hooks.get(request.path_params["hook"])
    return found if found in _standing(partner, request) else {}


def _lost() -> Response:
    return PlainTextResponse("Subscription not found", 404)


async def _kept(partner: Planning, hook: Record, said: Mapping[str, Any]) -> Response:
    url, filters = said.get("url_callback"), said.get("event_filters") or []
    if not url or not filters or len(filters) > MOST_EVENTS:
        return PlainTextResponse("Invalid subscription", 400)
    names = {"url_callback", "event_filters", "enabled", "description", "secret"} & set(said)
    moved_away = url != hook.get("url_callback")
    kept = {**hook, **{name: said[name] for name in names}, "url": url}
    kept["validated_at"] = None if moved_away else hook["validated_at"]
    partner.hooks[str(hook["subscription_id"])] = kept
    return JSONResponse(shown(kept))


async def ping(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """https://engineering.toggl.com/docs/webhooks_start/url_endpoint_validation"""
    hook = _found(partner, request)
    if not hook:
        return _lost()
    code = "" if hook["validated_at"] else secrets.token_hex(16)
    asked = {"payload": "ping", "event_id": 0, **({"validation_code": code} if code else {})}
    answer = await partner.send({**hook, "pinged": True}, json.dumps(asked).encode())
    if code and answer.arrived and _echoed(answer) == code:
        hook["validated_at"] = partner.now()
    return JSONResponse({"status": "ok"})


def _echoed(answer: Attempt) -> str:
    try:
        return str(json.loads(answer.body).get("validation_code"))
    except (ValueError, AttributeError):
        return ""


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = _found(partner, request)
    if not found:
        return _lost()
    del partner.hooks[str(found["subscription_id"])]
    return JSONResponse({})


def moved(thing: Record, by: Record, at: float, is_done: bool) -> None:
    thing["active"], thing["at"] = not is_done, iso(at)


def told(thing: Record, by: Record, at: float, is_done: bool) -> Record:
    about = {"action": "updated", "model": "task", "event_user_id": str(by["id"])}
    number = int(at * 1000)
    return {"event_id": number, "created_at": iso(at), "metadata": about, "payload": thing}


class Toggl(Planning):
    name: ClassVar[str] = "toggl"
    title: ClassVar[str] = "Toggl Track"
    plan = Plan(
        calls=(
            Call("GET", f"{API}/me", me),
            Call("GET", f"{API}/me/workspaces", workspaces),
            Call("GET", ALL, inside(subscriptions)),
            Call("POST", ALL, inside(create)),
            Call("PUT", ONE, inside(change)),
            Call("DELETE", ONE, inside(remove)),
            Call("POST", f"{WEBHOOKS}/ping/{{workspace}}/{{hook}}", inside(ping)),
        ),
        people=PEOPLE,
        things={
            "31": {"id": 31, "name": "Oil the mill", "workspace_id": 1842, "active": True},
        },
        moved=moved,
        told=told,
        signing=by_hmac(Signing("X-Webhook-Signature-256", prefix="sha256=")),
        refusals={
            "429": (429, "Too Many Requests"),
            "500": (500, "Internal Server Error"),
            "expired": (403, "Incorrect username and/or password"),
            "revoked": (403, "Incorrect username and/or password"),
        },
    )

    def token_of(self, request: Request) -> str:
        """https://engineering.toggl.com/docs/authentication"""
        _, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return user if password == "api_token" else ""  # noqa: S105

    async def send(self, hook: Record, body: bytes) -> Attempt:
        wanted = any(each["entity"] in ("task", "*") for each in hook["event_filters"])
        is_on = hook["enabled"] and hook["validated_at"] and wanted
        sends = hook.get("pinged") or is_on
        return await super().send(hook, body) if sends else Attempt(None, "", 0)

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "spoil": self._spoil, "spend": self._spend}

    async def _spend(self, params: Params, _: str) -> Record:
        """The calls of this hour are spent."""
        self.settings["quota"] = "spent"
        return {"said": "They are spent."}

    async def _spoil(self, params: Params, _: str) -> Record:
        """Somebody sets a ``field`` of all webhooks to this ``value``."""
        for hook in self.hooks.values():
            hook[params.text("field")] = params.get("value")
            hook["url"] = hook["url_callback"]
        return {"said": "They are spoilt."}
