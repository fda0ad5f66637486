"""Pretend Stripe: https://docs.stripe.com/api

It takes forms, lets a key do what it has the permissions for, and tells the secret of a webhook in
the answer to its creation alone."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..control import Action
from ..dialect import Dialect
from ..params import Params
from ..sending import Attempt, Signing
from ..store import Record
from .app import Call, Plan, Planning

API = "/v1/webhook_endpoints"
ENGINES, LOOMS = "acct_1Engines", "acct_1Looms"
#: Permissions by their names: https://docs.stripe.com/keys/permissions-reference
READING, WRITING, ACCOUNT = "webhook_read", "webhook_write", "connected_account_read"
EVERYTHING = (READING, WRITING, ACCOUNT)
PEOPLE = {
    "ada": {"id": ENGINES, "name": "Analytical Engines", "may": EVERYTHING},
    "reading": {"id": ENGINES, "name": "Analytical Engines", "may": (READING, ACCOUNT)},
    "nameless": {"id": ENGINES, "name": "Analytical Engines", "may": (READING, WRITING)},
    "mallory": {"id": LOOMS, "name": "Looms", "may": EVERYTHING},
}

Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]


def error(sentence: str, status: int, **more: str) -> Response:
    """https://docs.stripe.com/api/errors"""
    said = {"type": "invalid_request_error", "message": sentence, **more}
    return JSONResponse({"error": said}, status)


def lost(name: str) -> Response:
    return error(f"No such webhook endpoint: '{name}'", 404, code="resource_missing")


def needs(permission: str, does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if permission not in partner.me(request)["may"]:
            return error(f"The key lacks '{permission}'.", 403)
        return await does(partner, request, said)

    return call


async def account(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    me = partner.me(request)
    shown = {"dashboard": {"display_name": me["name"]}}
    return JSONResponse({"id": me["id"], "object": "account", "settings": shown})


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """The newest first: https://docs.stripe.com/api/pagination"""
    asked, mine = request.query_params, partner.me(request)["id"]
    listed = [each for each in reversed(partner.hooks.values()) if each["account"] == mine]
    names = [each["id"] for each in listed]
    after, limit = asked.get("starting_after"), int(asked.get("limit", 10))
    if after and after not in names:
        return lost(after)
    begin = names.index(after) + 1 if after else 0
    page = [shown(each) for each in listed[begin : begin + min(limit, 100)]]
    more = begin + len(page) < len(listed)
    return JSONResponse({"object": "list", "url": API, "has_more": more, "data": page})


def shown(hook: Record) -> Record:
    kept = {name: hook[name] for name in ("id", "url", "enabled_events", "status")}
    return {**kept, "object": "webhook_endpoint", "livemode": True, "api_version": None}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    name, events = f"we_{partner.store.next_id('hook', 9001)}", await wanted(request)
    if not said.get("url") or not events:
        missing = "enabled_events" if said.get("url") else "url"
        return error(f"Missing required param: {missing}.", 400, code="parameter_missing")
    secret, mine = f"whsec_{secrets.token_hex(16)}", partner.me(request)["id"]
    hook = {"id": name, "account": mine, "secret": secret, "status": "enabled"}
    return kept(partner, {**hook, "enabled_events": events}, said, told={"secret": secret})


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    hook, events = found(partner, request), await wanted(request)
    if hook is None:
        return lost(request.path_params["hook"])
    status = {"true": "disabled", "false": "enabled"}.get(str(said.get("disabled")))
    changed = {"enabled_events": events or hook["enabled_events"]}
    return kept(partner, {**hook, **changed, "status": status or hook["status"]}, said, told={})


def kept(partner: Planning, hook: Record, said: Mapping[str, Any], *, told: Record) -> Response:
    url = str(said.get("url") or hook["url"])
    if not url.startswith(("http://", "https://")):
        return error("Invalid URL: there is no scheme, such as https.", 400, code="url_invalid")
    partner.hooks[hook["id"]] = {**hook, "url": url}
    return JSONResponse({**shown(partner.hooks[hook["id"]]), **told})


async def wanted(request: Request) -> list[str]:
    form = await request.form()
    return [str(each) for each in form.getlist("enabled_events[]")]


def found(partner: Planning, request: Request) -> Record | None:
    hook: Record | None = partner.hooks.get(request.path_params["hook"])
    return hook if hook and hook["account"] == partner.me(request)["id"] else None


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    hook = found(partner, request)
    if hook is None:
        return lost(request.path_params["hook"])
    del partner.hooks[hook["id"]]
    return JSONResponse({"id": hook["id"], "object": "webhook_endpoint", "deleted": True})


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["status"] = "paid" if is_done else "void"


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://docs.stripe.com/api/events/object"""
    return {
        "id": f"evt_{int(at * 1000)}",
        "object": "event",
        "type": "invoice.paid" if is_done else "invoice.voided",
        "created": int(at),
        "livemode": True,
        "data": {"object": {**thing, "object": "invoice", "amount_paid": 4900}},
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """https://docs.stripe.com/webhooks#verify-manually"""
    now = partner.store.now()
    content, prefix = "{timestamp}.{body}", f"t={int(now)},v1="
    signing = Signing("Stripe-Signature", prefix=prefix, content=content)
    return signing.headers(body, hook["secret"], now=now)


def refused(sentence: str, **more: str) -> Record:
    return {"error": {"type": "invalid_request_error", "message": sentence, **more}}


class Stripe(Planning):
    name: ClassVar[str] = "stripe"
    title: ClassVar[str] = "Stripe"
    plan = Plan(
        calls=(
            Call("GET", "/v1/account", needs(ACCOUNT, account)),
            Call("GET", API, needs(READING, webhooks)),
            Call("POST", API, needs(WRITING, create)),
            Call("POST", f"{API}/{{hook}}", needs(WRITING, change)),
            Call("DELETE", f"{API}/{{hook}}", needs(WRITING, remove)),
        ),
        people=PEOPLE,
        things={"12": {"id": "in_0012", "number": "MILL-0012", "status": "open"}},
        moved=moved,
        told=told,
        signing=signed,
        dialect=Dialect(mint=lambda kind: f"rk_live_{secrets.token_hex(16)}"),
        refusals={
            "429": (429, refused("Request rate limit exceeded.", code="rate_limit")),
            "500": (500, {"error": {"type": "api_error", "message": "Something went wrong."}}),
            "expired": (401, refused("Invalid API Key provided: rk_live_****")),
            "revoked": (401, refused("Expired API Key provided", code="api_key_expired")),
        },
    )

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
        for name in (f"we_x{number}" for number in range(params.number("many"))):
            other = {"id": name, "account": ENGINES, "url": "", "secret": "x"}
            self.hooks[name] = {**other, "enabled_events": [], "status": "disabled"}
        return {"said": "There they are."}

    async def send(self, hook: Record, body: bytes) -> Attempt:
        """Nothing goes out for what a webhook is not about, or while it is off."""
        is_asked = any(f'"{event}"' in body.decode() for event in hook["enabled_events"])
        if hook["status"] != "enabled" or not is_asked:
            return Attempt(None, "", 0)
        return await super().send(hook, body)
