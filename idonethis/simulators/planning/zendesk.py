"""Pretend Zendesk: https://developer.zendesk.com/api-reference/

A token is of the whole account, and the mail address beside it says who calls; nobody is called
anonymous. Webhooks that subscribe to events make their secret themselves, and show it to admins:
https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..control import Action
from ..params import Params
from ..sending import Attempt
from ..store import Record
from .app import Call, Plan, Planning
from .forge import Does, Forge

API = "/api/v2"
HOOKS = f"{API}/webhooks"
ENGINES, LOOMS = "engines.zendesk.com", "looms.zendesk.com"
PEOPLE: Mapping[str, Record] = {
    "ada": {"id": 1815, "name": "Ada Lovelace", "role": "admin", "site": ENGINES},
    "grace": {"id": 1906, "name": "Grace Hopper", "role": "agent", "site": ENGINES},
    "mallory": {"id": 1666, "name": "Mallory", "role": "admin", "site": LOOMS},
    "nobody": {"id": None, "name": "Anonymous user", "role": "end-user", "site": ENGINES},
}
REQUIRED = ("name", "endpoint", "http_method", "request_format", "status")
KEPT = (*REQUIRED, "subscriptions")
SUBSCRIPTIONS = ("conditional_ticket_events", "zen:event-type:")


def wrong(code: str, title: str, status: int) -> Response:
    return JSONResponse({"errors": [{"code": code, "title": title, "status": str(status)}]}, status)


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    who = partner.me(request)
    at = f"https://{who['site']}{API}/users/{who['id']}.json" if who["id"] else ""
    return JSONResponse({"user": {**{n: who[n] for n in ("id", "name", "role")}, "url": at}})


def by_admins(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        who, name = partner.me(request), request.path_params.get("hook")
        if who["role"] != "admin":
            return wrong("Forbidden", "You are not authorized", 403)
        if name and partner.hooks.get(name, {}).get("site") != who["site"]:
            return wrong("WebhookNotFound", "The webhook was not found", 404)
        return await does(partner, request, said)

    return call


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """https://developer.zendesk.com/api-reference/introduction/pagination/"""
    asked, site = request.query_params, partner.me(request)["site"]
    listed = [shown(each) for each in partner.hooks.values() if each["site"] == site]
    start = int(asked.get("page[after]") or 0)
    end = start + min(int(asked.get("page[size]", 100)), 100)
    meta = {"has_more": end < len(listed), "after_cursor": str(end), "before_cursor": str(start)}
    return JSONResponse({"webhooks": listed[start:end], "meta": meta, "links": {}})


def shown(hook: Record) -> Record:
    return {name: hook[name] for name in ("id", *KEPT)}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    wanted = said.get("webhook") or {}
    if refused := refusal(wanted, REQUIRED):
        return refused
    name = f"01HOOK{partner.store.next_id('hook', 9001)}"
    kept = {"subscriptions": [], **{each: wanted[each] for each in KEPT if each in wanted}}
    more = {"id": name, "secret": secrets.token_urlsafe(24), "site": partner.me(request)["site"]}
    partner.hooks[name] = {**kept, **more}
    return JSONResponse({"webhook": shown(partner.hooks[name])}, 201)


def refusal(wanted: Mapping[str, Any], required: tuple[str, ...]) -> Response | None:
    missing = [name for name in required if not wanted.get(name)]
    events = wanted.get("subscriptions", [])
    known = all(str(each).startswith(SUBSCRIPTIONS) for each in events)
    at = wanted.get("endpoint", "http://")
    if missing or not known or not at.startswith(("http://", "https://")):
        return wrong("InvalidWebhook", f"Invalid webhook: {', '.join(missing)}", 400)
    return None


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """No more than is said."""
    wanted = said.get("webhook") or {}
    if refused := refusal(wanted, ()):
        return refused
    hook = partner.hooks[request.path_params["hook"]]
    hook.update({each: wanted[each] for each in KEPT if each in wanted})
    return Response(status_code=204)


async def secret(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    hook = partner.hooks[request.path_params["hook"]]
    return JSONResponse({"signing_secret": {"algorithm": "SHA256", "secret": hook["secret"]}})


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    del partner.hooks[request.path_params["hook"]]
    return Response(status_code=204)


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["status"], thing["assignee_id"] = "SOLVED" if is_done else "OPEN", str(person["id"])


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events"""
    after, before = ("SOLVED", "OPEN") if is_done else ("OPEN", "SOLVED")
    return event("status_changed", thing, at, {"current": after, "previous": before})


def event(name: str, thing: Record, at: float, change: Record) -> Record:
    return {
        "type": f"zen:event-type:ticket.{name}",
        "account_id": 12514403,
        "id": secrets.token_hex(16),
        "time": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%f}321Z",
        "zendesk_event_version": "2022-11-06",
        "subject": f"zen:ticket:{thing['id']}",
        "detail": thing,
        "event": change,
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """https://developer.zendesk.com/documentation/webhooks/verifying/"""
    stamp = f"{datetime.fromtimestamp(partner.store.now(), UTC):%Y-%m-%dT%H:%M:%SZ}"
    made = hmac.digest(hook["secret"].encode(), stamp.encode() + body, "sha256")
    return {
        "X-Zendesk-Webhook-Signature": base64.b64encode(made).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Id": hook["id"],
        "X-Zendesk-Webhook-Invocation-Id": secrets.token_hex(13).upper(),
    }


UNKNOWN = {"error": "Couldn't authenticate you"}


class Zendesk(Forge):
    name: ClassVar[str] = "zendesk"
    title: ClassVar[str] = "Zendesk"
    plan = Plan(
        calls=(
            Call("GET", f"{API}/users/me", me),
            Call("GET", HOOKS, by_admins(webhooks)),
            Call("POST", HOOKS, by_admins(create)),
            Call("PATCH", f"{HOOKS}/{{hook}}", by_admins(change)),
            Call("GET", f"{HOOKS}/{{hook}}/signing_secret", by_admins(secret)),
            Call("DELETE", f"{HOOKS}/{{hook}}", by_admins(remove)),
        ),
        people=PEOPLE,
        things={
            "12": {
                "id": "12",
                "subject": "The mill squeaks",
                "status": "OPEN",
                "assignee_id": "0",
                "actor_id": "1815",
                "group_id": "42",
                "requester_id": "1791",
                "tags": ["oil", "urgent"],
            }
        },
        moved=moved,
        told=told,
        signing=signed,
        refusals={
            "429": (429, {"error": "APIRateLimitExceeded", "description": "Too many requests."}),
            "500": (500, {"error": "InternalServerError"}),
            "expired": (401, UNKNOWN),
            "revoked": (401, UNKNOWN),
        },
    )

    def token_of(self, request: Request) -> str:
        """https://developer.zendesk.com/api-reference/introduction/security-and-auth/"""
        _, _, encoded = request.headers.get("authorization", "").partition("Basic ")
        try:
            said = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""
        address, _, token = said.partition("/token:")
        known, owner = self._by_address(address), self.grants.find(token) or {}
        is_theirs = known and owner and self.accounts[owner["account"]]["site"] == known["site"]
        return token if is_theirs else ""

    def me(self, request: Request) -> Record:
        _, _, encoded = request.headers["authorization"].partition("Basic ")
        return self._by_address(base64.b64decode(encoded).decode().partition("/token:")[0])

    def _by_address(self, address: str) -> Record:
        found: Record = self.accounts.get(address.partition("@")[0], {})
        return found

    def actions(self) -> dict[str, Action]:
        more: dict[str, Action] = {"rename": self._rename, "crowd": self._crowd}
        return {**super().actions(), **more}

    async def _rename(self, params: Params, _: str) -> Record:
        """Somebody gives a ``thing`` another ``name``."""
        thing, before = self.things[params.text("thing")], "The mill squeaks"
        thing["subject"] = params.text("name")
        change = {"current": thing["subject"], "previous": before}
        said = event("subject_changed", thing, self.store.now(), change)
        return {"answers": await self.tell(said)}

    async def _crowd(self, params: Params, _: str) -> Record:
        """Somebody makes ``many`` webhooks, for somewhere else."""
        for number in range(params.number("many")):
            name, usual = f"01OTHER{number}", dict.fromkeys(KEPT, "")
            more = {"id": name, "secret": "x", "site": ENGINES, "subscriptions": []}
            self.hooks[name] = {**usual, **more}
        return {"said": "There they are."}

    def listening(self, told: Record) -> list[Record]:
        """Those that are on and have subscribed to it."""
        hooks = self.hooks.values()
        return [
            each
            for each in hooks
            if each["status"] == "active" and told["type"] in each["subscriptions"]
        ]

    async def send(self, hook: Record, body: bytes) -> Attempt:
        return await super().send({**hook, "url": hook["endpoint"]}, body)
