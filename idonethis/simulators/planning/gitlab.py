"""Pretend GitLab: https://docs.gitlab.com/api/project_webhooks/

Since version 19 it signs with a token of its own, which it never shows; before, it ignores it, and
says a secret token with each hook: https://docs.gitlab.com/user/project/integrations/webhooks/"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Call, Plan, Planning
from .clock import iso
from .forge import NAME, SITE, Does, Forge, site_of

API = "/api/v4"
PROJECT = 42
#: The levels of a maintainer and of a developer: https://docs.gitlab.com/api/access_requests/
PEOPLE = {
    "ada": {"id": 1815, "username": "ada", "name": "Ada Lovelace", "level": 40},
    "grace": {"id": 1906, "username": "grace", "name": "Grace Hopper", "level": 30},
}
#: What is said of a webhook, and what it is where nobody says it.
USUAL: Mapping[str, Any] = {
    "push_events": True,
    "push_events_branch_filter": "",
    "issues_events": False,
    "confidential_issues_events": False,
    "merge_requests_events": False,
    "tag_push_events": False,
    "note_events": False,
    "pipeline_events": False,
    "releases_events": False,
    "enable_ssl_verification": True,
}
LOST = JSONResponse({"message": "404 Not found"}, 404)


async def user(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    me = partner.me(request)
    return JSONResponse({name: me[name] for name in ("id", "username", "name")})


async def projects(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    asked = request.query_params
    is_enough = partner.me(request)["level"] >= int(asked.get("min_access_level", 0))
    found = is_enough and asked.get("search", "").lower() in NAME
    one = {"id": PROJECT, "path_with_namespace": NAME, "web_url": f"{site_of(request)}/{NAME}"}
    return JSONResponse([one] if found else [])


def maintained(does: Does) -> Does:
    """https://docs.gitlab.com/user/permissions/"""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if request.path_params["project"] != str(PROJECT) or not partner.things:
            return JSONResponse({"message": "404 Project Not Found"}, 404)
        if partner.me(request)["level"] < PEOPLE["ada"]["level"]:
            return JSONResponse({"message": "403 Forbidden"}, 403)
        return await does(partner, request, said)

    return call


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse([shown(each) for each in partner.hooks.values()])


def shown(hook: Record) -> Record:
    facts = {name: hook[name] for name in ("id", "url", "alert_status", *USUAL)}
    present = {f"{name}_present": bool(hook[name]) for name in ("token", "signing_token")}
    return {**facts, "project_id": PROJECT, **present}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    number = partner.store.next_id("hook", 9001)
    hook = {"id": number, "url": "", "token": "", "signing_token": "", "site": site_of(request)}
    return _kept(partner, {**hook, **USUAL, "alert_status": "executable"}, said, 201)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    return _kept(partner, found, said, 200) if found else LOST


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any], status: int) -> Response:
    if not said.get("url"):
        return JSONResponse({"error": "url is missing"}, 400)
    if not str(said["url"]).startswith("http"):
        return JSONResponse({"error": "Invalid url given"}, 422)
    names = {"url", "token", "signing_token", *USUAL} & set(said)
    signs = partner.settings.get("signs") != "no"
    changed = {name: said[name] for name in names if signs or name != "signing_token"}
    partner.hooks[str(hook["id"])] = {**hook, **changed}
    return JSONResponse(shown(partner.hooks[str(hook["id"])]), status)


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return Response(status_code=204) if gone else LOST


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["state"], thing["updated_at"] = "closed" if is_done else "opened", iso(at)


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://docs.gitlab.com/user/project/integrations/webhook_events/#work-item-events"""
    who = {**{name: person[name] for name in ("id", "username", "name")}, "email": "[REDACTED]"}
    project = {"id": PROJECT, "path_with_namespace": NAME, "web_url": f"{SITE}/{NAME}"}
    shown = {**thing, "confidential": False, "url": f"{SITE}/{NAME}/-/issues/{thing['iid']}"}
    return {
        "object_kind": "issue",
        "event_type": "issue",
        "user": who,
        "project": {**project, "default_branch": "main"},
        "object_attributes": {**shown, "action": "close" if is_done else "reopen"},
        "assignees": [],
        "labels": [],
        "changes": {},
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """https://docs.gitlab.com/user/project/integrations/webhooks/#signing-tokens"""
    name = f"event-{partner.store.next_id('event', 1)}"
    headers = {"X-Gitlab-Event": "Issue Hook", "Idempotency-Key": name}
    if hook["token"]:
        headers["X-Gitlab-Token"] = hook["token"]
    if hook["signing_token"]:
        headers |= _signature(hook["signing_token"], body, name, at=int(partner.store.now()))
    return headers


def _signature(token: str, body: bytes, name: str, *, at: int) -> dict[str, str]:
    key = base64.b64decode(token.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{name}.{at}.".encode() + body, hashlib.sha256)
    stamped = {"webhook-id": name, "webhook-timestamp": str(at)}
    return {**stamped, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}


class GitLab(Forge):
    name: ClassVar[str] = "gitlab"
    title: ClassVar[str] = "GitLab"
    options: ClassVar[Mapping[str, str]] = {"signs": "no, for a GitLab before version 19"}
    plan = Plan(
        calls=(
            Call("GET", f"{API}/user", user),
            Call("GET", f"{API}/projects", projects),
            Call("GET", f"{API}/projects/{{project}}/hooks", maintained(webhooks)),
            Call("POST", f"{API}/projects/{{project}}/hooks", maintained(create)),
            Call("PUT", f"{API}/projects/{{project}}/hooks/{{hook}}", maintained(change)),
            Call("DELETE", f"{API}/projects/{{project}}/hooks/{{hook}}", maintained(remove)),
        ),
        people=PEOPLE,
        things={"3": {"id": 300, "iid": 3, "title": "Oil the mill", "state": "opened"}},
        moved=moved,
        told=told,
        signing=signed,
        refusals={
            "429": (429, "Retry later\n"),
            "500": (500, {"message": "500 Internal Server Error"}),
            "expired": (401, {"message": "401 Unauthorized"}),
            "revoked": (401, {"error": "invalid_token", "error_description": "Token was revoked."}),
        },
    )

    def token_of(self, request: Request) -> str:
        """https://docs.gitlab.com/api/rest/authentication/"""
        return request.headers.get("private-token", "") or super().token_of(request)
