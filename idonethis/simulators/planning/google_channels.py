"""Channels of pretend Google Calendar, by which it tells that something has changed, and not what.
One ends after a week at most: https://developers.google.com/workspace/calendar/api/guides/push"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..sending import Attempt
from ..store import Record
from .app import Planning
from .google_calls import API, CALENDARS, EVENTS, ROLES, allowed, error, not_found, role

#: The longest that a channel holds, in seconds.
WEEK = 7 * 24 * 3600
SAFE = ("https://", "http://127.0.0.1", "http://localhost")


@allowed(EVENTS)
async def watch(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    calendar = request.path_params["calendar"]
    if role(partner, request, calendar) not in ROLES[1:]:
        return not_found()
    if wrong := wrong_channel(partner, said):
        return wrong
    asked = float((said.get("params") or {}).get("ttl") or WEEK)
    channel = {
        "id": said["id"],
        "url": said["address"],
        "secret": said.get("token", ""),
        "resource": f"resource-{CALENDARS[calendar]['summary']}",
        "calendar": calendar,
        "account": partner.grants.find(partner.token_of(request))["account"],  # type: ignore[index]
        "expires_at": partner.store.now() + min(asked, WEEK),
        "number": 0,
    }
    partner.hooks[said["id"]] = channel
    await tell(partner, channel, "sync")
    ends = {"expiration": str(int(channel["expires_at"] * 1000))}
    name = {"id": said["id"], "resourceId": channel["resource"]}
    return JSONResponse({"kind": "api#channel", **name, **ends})


def wrong_channel(partner: Planning, said: Mapping[str, Any]) -> Response | None:
    """http goes for this machine alone, on which there are no certificates."""
    name, address = str(said.get("id") or ""), str(said.get("address") or "")
    if said.get("type") != "web_hook" or not re.fullmatch(r"[A-Za-z0-9\-_+/=]{1,64}", name):
        return error(400, "channelIdInvalid", "The channel is not described well.")
    if name in partner.hooks:
        return error(400, "push.channelIdNotUnique", f"Channel id {name} not unique")
    if not address.startswith(SAFE):
        says = f"WebHook callback must be HTTPS: {address}"
        return error(400, "push.webhookUrlNotHttps", says)
    if len(str(said.get("token", ""))) > 256:
        return error(400, "push.channelTokenTooLong", "The token is too long.")
    return None


async def stop(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    channel = partner.hooks.get(str(said.get("id")))
    token = partner.grants.find(partner.token_of(request)) or {}
    names = (said.get("resourceId"), token.get("account"))
    if not channel or names != (channel["resource"], channel["account"]):
        return error(404, "channelIdNotFound", f"Channel '{said.get('id')}' not found")
    partner.hooks.pop(channel["id"])
    return Response(status_code=204)


async def tell(partner: Planning, channel: Record, state: str) -> Attempt | None:
    """There is no body. https://developers.google.com/workspace/calendar/api/guides/push"""
    if channel["expires_at"] <= partner.store.now():
        return None
    channel["number"] += 1
    headers = {
        "X-Goog-Channel-ID": channel["id"],
        "X-Goog-Channel-Token": channel["secret"],
        "X-Goog-Channel-Expiration": formatdate(channel["expires_at"], usegmt=True),
        "X-Goog-Message-Number": str(channel["number"]),
        "X-Goog-Resource-ID": channel["resource"],
        "X-Goog-Resource-State": state,
        "X-Goog-Resource-URI": f"https://www.googleapis.com{API}/calendars/events?alt=json",
    }
    return await partner.sender.post(channel["url"], b"", headers=headers)
