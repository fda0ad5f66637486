"""Webhooks of pretend Jira Cloud. An account sees its own at a site, five at most, all at one
address. They end after 30 days, unless somebody asks for 30 more:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Planning
from .clock import iso
from .jira_calls import HOOKS, at_site, trouble

MONTH = 30 * 24 * 3600
MOST = 5
SAFE = ("https://", "http://127.0.0.1", "http://localhost")
EVENTS = frozenset(
    ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted")
    + ("comment_created", "comment_updated", "comment_deleted")
)
#: The few words of JQL that webhooks may use.
CLAUSE = re.compile(
    r"(?i)(project|issuekey|issuetype|status|assignee|reporter)\s*"
    r"(=\s*\S+|!=\s*\S+|(not )?in\s*\([^()]+\))"
)


def _mine(partner: Planning, request: Request) -> dict[str, Record]:
    whose = (partner.me(request)["account_id"], request.path_params["site"])
    now = partner.store.now()
    return {
        pk: hook
        for pk, hook in partner.hooks.items()
        if (hook["account"], hook["site"]) == whose and hook["expires_at"] > now
    }


@at_site(HOOKS)
async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    mine = [shown(hook) for hook in _mine(partner, request).values()]
    return JSONResponse({"startAt": 0, "maxResults": 100, "isLast": True, "values": mine})


def shown(hook: Record) -> Record:
    facts = {name: hook[name] for name in ("id", "url", "events", "jqlFilter")}
    return {**facts, "expirationDate": iso(hook["expires_at"]).replace("Z", "+0000")}


@at_site(HOOKS)
async def register(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """What is wrong with one of them stands in its place, and the answer is 200 all the same."""
    url, wanted = str(said.get("url") or ""), said.get("webhooks")
    if not url.startswith(SAFE) or not isinstance(wanted, list) or not wanted:
        return JSONResponse(trouble("The webhook URL is not valid: it must be HTTPS."), 400)
    results = [_registered(partner, request, url, each) for each in wanted]
    return JSONResponse({"webhookRegistrationResult": results})


def _registered(partner: Planning, request: Request, url: str, asked: Record) -> Record:
    if wrong := _wrong(_mine(partner, request), url, asked):
        return {"errors": [wrong]}
    counted = partner.store.table("counted")
    counted["hooks"] = pk = counted.get("hooks", 1000) + 1
    partner.hooks[str(pk)] = {
        "id": pk,
        "url": url,
        "events": asked["events"],
        "jqlFilter": asked["jqlFilter"],
        "account": partner.me(request)["account_id"],
        "site": request.path_params["site"],
        "expires_at": partner.store.now() + MONTH,
    }
    return {"createdWebhookId": pk}


def _wrong(mine: Mapping[str, Record], url: str, asked: Record) -> str:
    jql = str(asked.get("jqlFilter") or "")
    if not set(asked.get("events") or ("none",)) <= EVENTS:
        return "The events are not valid."
    if not all(CLAUSE.fullmatch(clause.strip()) for clause in re.split(r"(?i)\band\b", jql)):
        return f"The clause {jql!r} is unsupported."
    if any(hook["url"] != url for hook in mine.values()):
        return "Only a single URL per app is allowed to be registered."
    return "The limit of webhooks is reached." if len(mine) >= MOST else ""


@at_site(HOOKS)
async def refresh(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Unknown ids are passed over."""
    until = partner.store.now() + MONTH
    for pk, hook in _mine(partner, request).items():
        if int(pk) in _ids(said):
            hook["expires_at"] = until
    return JSONResponse({"expirationDate": int(until * 1000)})


@at_site(HOOKS)
async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Unknown ids are passed over."""
    if not _ids(said):
        return JSONResponse(trouble("The list of webhook IDs is missing."), 400)
    for pk in _mine(partner, request):
        if int(pk) in _ids(said):
            partner.hooks.pop(pk)
    return Response(status_code=202)


def _ids(said: Mapping[str, Any]) -> list[int]:
    given = said.get("webhookIds")
    return [each for each in given if isinstance(each, int)] if isinstance(given, list) else []
