"""The webhooks of pretend PagerDuty: https://developer.pagerduty.com/api-reference/"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Planning

HOME = "engines.pagerduty.com"
#: Of those there are: https://developer.pagerduty.com/docs/webhooks-overview#event-types
EVENTS = (
    "incident.acknowledged", "incident.reopened", "incident.resolved", "incident.triggered",
)  # fmt: skip
FILTERS = ("account_reference", "service_reference", "team_reference")


def error(sentence: str, code: int, status: int, *details: str) -> Response:
    """https://developer.pagerduty.com/docs/errors"""
    said = {"message": sentence, "code": code, "errors": list(details)}
    return JSONResponse({"error": said}, status)


LOST = error("Not Found", 2100, 404)


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """https://developer.pagerduty.com/docs/pagination"""
    asked, listed = request.query_params, list(partner.hooks.values())
    limit, offset = min(int(asked.get("limit", 25)), 100), int(asked.get("offset", 0))
    if limit + offset > 10_000:
        return error("Invalid Input Provided", 2001, 400, "Offset and limit are too large.")
    page = [shown(each) for each in listed[offset : offset + limit]]
    more = offset + limit < len(listed)
    counted = {"limit": limit, "offset": offset, "more": more, "total": None}
    return JSONResponse({"webhook_subscriptions": page, **counted})


def shown(hook: Record, *, secret: str | None = None) -> Record:
    delivery = {"type": "http_delivery_method", "url": hook["url"], "secret": secret}
    kept = {name: hook[name] for name in ("id", "active", "events", "filter")}
    off = {"temporarily_disabled": hook["off"], "custom_headers": []}
    return {**kept, "type": "webhook_subscription", "delivery_method": {**delivery, **off}}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if partner.me(request)["reads"]:
        return error("Access Denied", 2010, 403)
    wanted = said.get("webhook_subscription") or {}
    delivery = wanted.get("delivery_method") or {}
    wrong = wrongs(wanted)
    if delivery.get("type") != "http_delivery_method" or not delivery.get("url"):
        wrong.append("Delivery method is invalid")
    if wrong:
        return error("Invalid Input Provided", 2001, 400, *wrong)
    name, secret = f"PWH{partner.store.next_id('hook', 9001)}", secrets.token_urlsafe(24)
    hook = {"id": name, "url": delivery["url"], "secret": secret, "off": False, "refused": 0}
    kept = {"active": True, "events": wanted["events"], "filter": wanted["filter"]}
    partner.hooks[name] = {**hook, **kept}
    told = shown(partner.hooks[name], secret=secret)
    return JSONResponse({"webhook_subscription": told}, 201)


def wrongs(wanted: Mapping[str, Any]) -> list[str]:
    found, about = [], wanted.get("filter") or {}
    if wanted.get("type") != "webhook_subscription":
        found.append("Type is invalid")
    if not wanted.get("events") or set(wanted["events"]) - set(EVENTS):
        found.append("Events are invalid")
    if about.get("type") not in FILTERS or (about["type"] != FILTERS[0] and not about.get("id")):
        found.append("Filter is invalid")
    return found


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Neither its address nor its secret."""
    hook = partner.hooks.get(request.path_params["hook"])
    if not hook:
        return LOST
    if partner.me(request)["reads"]:
        return error("Access Denied", 2010, 403)
    wanted = said.get("webhook_subscription") or {}
    if wrong := wrongs(wanted):
        return error("Invalid Input Provided", 2001, 400, *wrong)
    hook.update({name: wanted[name] for name in ("active", "events", "filter") if name in wanted})
    return JSONResponse({"webhook_subscription": shown(hook)})


async def enable(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    hook = partner.hooks.get(request.path_params["hook"])
    if not hook:
        return LOST
    hook.update(off=False, refused=0)
    return JSONResponse({"webhook_subscription": shown(hook)})


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if partner.me(request)["reads"]:
        return error("Access Denied", 2010, 403)
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return Response(status_code=204) if gone else LOST
