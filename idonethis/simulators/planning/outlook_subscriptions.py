"""Subscriptions of pretend Microsoft Graph, by which it tells that something has changed.

https://learn.microsoft.com/en-us/graph/api/resources/subscription"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..sending import Attempt
from ..store import Record
from .app import Planning
from .clock import iso
from .outlook_calls import account_of, error, forbidden, not_found

#: The longest that one to events holds, in seconds.
LONGEST = 10_080 * 60
SAFE = ("https://", "http://127.0.0.1", "http://localhost")
NEEDED = ("changeType", "notificationUrl", "resource", "expirationDateTime")


async def subscribe(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if wrong := forbidden(partner, request) or _wrong(partner, said):
        return wrong
    if not await _answers(partner, str(said["notificationUrl"])):
        return error(400, "ValidationError", "Subscription validation request failed.")
    made = {
        "id": secrets.token_hex(16),
        "url": said["notificationUrl"],
        "secret": said.get("clientState", ""),
        "account": account_of(partner, request),
        "expires_at": datetime.fromisoformat(said["expirationDateTime"]).timestamp(),
    }
    partner.hooks[made["id"]] = made
    return JSONResponse(_shown(made), 201)


def _wrong(partner: Planning, said: Mapping[str, Any]) -> Response | None:
    if any(not said.get(name) for name in NEEDED) or said["resource"].strip("/") != "me/events":
        return error(400, "InvalidRequest", "The subscription is not described well.")
    if not str(said["notificationUrl"]).startswith(SAFE):
        return error(400, "InvalidRequest", "The notification URL must be HTTPS.")
    if len(str(said.get("clientState", ""))) > 128:
        return error(400, "InvalidRequest", "clientState is longer than 128 characters.")
    ends = datetime.fromisoformat(said["expirationDateTime"]).timestamp()
    if not partner.store.now() < ends <= partner.store.now() + LONGEST:
        return error(400, "InvalidRequest", "Subscription expiration can only be 10080 minutes.")
    return None


async def _answers(partner: Planning, url: str) -> bool:
    """https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks"""
    token = f"Validation: Testing client application {secrets.token_hex(8)}"
    glue = "&" if "?" in url else "?"
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    asked = f"{url}{glue}{urlencode({'validationToken': token})}"
    tried = await partner.sender.post(asked, b"", headers=headers)
    kind = tried.headers.get("content-type", "")
    return tried.status == 200 and kind.startswith("text/plain") and tried.body == token


async def show(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = _own(partner, request)
    return JSONResponse(_shown(found)) if found else not_found()


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = _own(partner, request)
    if not found:
        return not_found()
    partner.hooks.pop(found["id"])
    return Response(status_code=204)


def _own(partner: Planning, request: Request) -> Record | None:
    """Of those that hold."""
    found: Record = partner.hooks.get(request.path_params["name"], {})
    holds = found and found["expires_at"] > partner.store.now()
    return found if holds and found["account"] == account_of(partner, request) else None


def _shown(made: Record) -> Record:
    """What was told as the secret, it does not tell again."""
    ends = iso(made["expires_at"])
    about = {"id": made["id"], "resource": "me/events", "changeType": "created,updated,deleted"}
    return {**about, "notificationUrl": made["url"], "expirationDateTime": ends}


async def tell(partner: Planning, hook: Record, event: str, change: str) -> Attempt | None:
    """https://learn.microsoft.com/en-us/graph/api/resources/changenotification"""
    if hook["expires_at"] <= partner.store.now():
        return None
    told = {
        "subscriptionId": hook["id"],
        "subscriptionExpirationDateTime": iso(hook["expires_at"]),
        "changeType": change,
        "clientState": hook["secret"],
        "resource": f"Users/{hook['account']}/Events/{event}",
        "resourceData": {"@odata.type": "#Microsoft.Graph.Event", "id": event},
        "tenantId": "1791",
    }
    body = json.dumps({"value": [told]}).encode()
    headers = {"Content-Type": "application/json"}
    return await partner.sender.post(hook["url"], body, headers=headers)
