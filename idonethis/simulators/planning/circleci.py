"""Pretend CircleCI: https://circleci.com/docs/api/v2/

A token is of one person. Webhooks are of a project, which is told by its slug and kept by its id;
whoever administers the organisation makes them, at most five for each project:
https://circleci.com/docs/outbound-webhooks. A secret is never shown again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..sending import Signing
from ..store import Record
from .app import Call, Plan, Planning
from .clock import iso
from .forge import Does, Forge, site_of

API = "/api/v2"
PROJECT = {
    "id": "42424242-0000-4000-8000-000000000042",
    "slug": "gh/analytical/engine",
    "name": "engine",
    "organization_name": "analytical",
    "organization_slug": "gh/analytical",
}
#: Of an organisation that is not tied to GitHub or Bitbucket: nobody reads what such a slug says.
ALONE = {
    "id": "42424242-0000-4000-8000-000000000043",
    "slug": "circleci/oRg1/pRo1",
    "name": "mill",
    "organization_name": "Night Shift",
    "organization_slug": "circleci/oRg1",
}
PROJECTS = (PROJECT, ALONE)
#: Words that lead to the same project.
ALIASES = {"github": "gh", "bitbucket": "bb"}
PEOPLE: Mapping[str, Record] = {
    "ada": {"id": "1815", "login": "ada", "name": "Ada Lovelace", "member": True, "admin": True},
    "grace": {"id": "1906", "login": "grace", "name": "Grace Hopper", "member": True},
    "mallory": {"id": "1666", "login": "mallory", "name": "Mallory"},
}
EVENTS = {"workflow-completed", "job-completed"}
MOST = 5
FACTS = ("id", "name", "url", "events", "verify-tls", "scope")


def refused(message: str, status: int) -> Response:
    return JSONResponse({"message": message}, status)


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    person = partner.me(request)
    return JSONResponse({name: person[name] for name in ("id", "login", "name")})


def _theirs(partner: Planning, request: Request) -> tuple[Record, ...]:
    is_there = partner.me(request).get("member") and partner.things
    return PROJECTS if is_there else ()


async def organisations(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = _theirs(partner, request)
    return JSONResponse(
        [{"slug": each["organization_slug"], "name": each["organization_name"]} for each in found]
    )


async def pipelines(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Each project was built twice lately."""
    wanted = request.query_params.get("org-slug")
    if not wanted:
        return refused("One of org-slug or project-slug is needed.", 400)
    found = [each for each in _theirs(partner, request) if each["organization_slug"] == wanted]
    items = [{"id": str(uuid.uuid4()), "project_slug": each["slug"]} for each in found * 2]
    return JSONResponse({"items": items, "next_page_token": None})


async def project(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    kind, _, rest = request.path_params["slug"].partition("/")
    slug = f"{ALIASES.get(kind, kind)}/{rest}".lower()
    found = [each for each in _theirs(partner, request) if each["slug"].lower() == slug]
    return JSONResponse(found[0]) if found else refused("Project not found", 404)


def by_admins(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if not partner.me(request).get("admin"):
            return refused("Permission denied.", 403)
        return await does(partner, request, said)

    return call


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    asked = request.query_params
    if asked.get("scope-type") != "project" or not asked.get("scope-id"):
        return refused("scope-id and scope-type are needed.", 400)
    if asked["scope-id"] not in [each["id"] for each in _theirs(partner, request)]:
        return refused("Permission denied.", 403)
    found = [shown(each) for each in _of(partner, asked["scope-id"])]
    return JSONResponse({"items": found, "next_page_token": None})


def _of(partner: Planning, pk: str) -> list[Record]:
    return [each for each in partner.hooks.values() if each["scope"]["id"] == pk]


def shown(hook: Record) -> Record:
    return {**{name: hook[name] for name in FACTS}, "signing-secret": "****"}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    needed = {"name", "events", "url", "verify-tls", "signing-secret", "scope"}
    scope = said.get("scope") or {}
    known = {"type": "project", "id": scope.get("id")} if scope.get("id") else {}
    if needed - set(said) or scope != known:
        return refused(f"Missing: {', '.join(sorted(needed - set(said))) or 'scope'}", 400)
    if len(_of(partner, scope["id"])) >= MOST:
        return refused("There are five webhooks of this project already.", 400)
    hook = {"id": str(uuid.uuid4()), "scope": scope, "site": site_of(request)}
    return _kept(partner, hook, said, 201)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    return _kept(partner, found, said, 200) if found else refused("Webhook not found.", 404)


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any], status: int) -> Response:
    given = {name: said[name] for name in ("name", "url", "events", "verify-tls") if name in said}
    hook = {"secret": "", **hook, **given}
    parts = urlsplit(hook["url"])
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        return refused("Only https is supported.", 400)
    if not hook["events"] or not EVENTS.issuperset(hook["events"]):
        return refused("There is no such event.", 400)
    partner.hooks[hook["id"]] = {**hook, "secret": said.get("signing-secret", hook["secret"])}
    return JSONResponse(shown(hook), status)


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return JSONResponse({"message": "ok"}) if gone else refused("Webhook not found.", 404)


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["status"], thing["stopped_at"] = "success" if is_done else "failed", iso(at)


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://circleci.com/docs/webhooks-reference"""
    actor = {"actor_id": person["id"], "event_type": "push", "trigger_type": "github_app"}
    return {
        "type": "workflow-completed",
        "id": str(uuid.uuid4()),
        "happened_at": iso(at),
        "webhook": {"id": "h-1", "name": "I Done This"},
        "workflow": dict(thing),
        "pipeline": {
            "id": "p-1",
            "number": 12,
            "trigger": {"type": "webhook"},
            "trigger_parameters": {"circleci": actor, "git": {"branch": "main", "tag": ""}},
        },
        "project": {name: PROJECT[name] for name in ("id", "name", "slug")},
        "organization": {"id": "7", "name": PROJECT["organization_name"]},
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """https://circleci.com/docs/outbound-webhooks#validate-webhooks"""
    signing = Signing("circleci-signature", prefix="v1=")
    return {
        "circleci-event-type": "workflow-completed",
        **signing.headers(body, hook["secret"], now=partner.store.now()),
    }


class CircleCI(Forge):
    name: ClassVar[str] = "circleci"
    title: ClassVar[str] = "CircleCI"
    plan = Plan(
        calls=(
            Call("GET", f"{API}/me", me),
            Call("GET", f"{API}/me/collaborations", organisations),
            Call("GET", f"{API}/pipeline", pipelines),
            Call("GET", f"{API}/project/{{slug:path}}", project),
            Call("GET", f"{API}/webhook", webhooks),
            Call("POST", f"{API}/webhook", by_admins(create)),
            Call("PUT", f"{API}/webhook/{{hook}}", by_admins(change)),
            Call("DELETE", f"{API}/webhook/{{hook}}", by_admins(remove)),
        ),
        people=PEOPLE,
        things={"w-1": {"id": "w-1", "name": "deploy", "status": "running", "stopped_at": None}},
        moved=moved,
        told=told,
        signing=signed,
        refusals={
            "429": (429, {"message": "API rate limits exceeded."}),
            "500": (500, {"message": "Internal server error."}),
            "expired": (401, {"message": "Invalid token provided."}),
            "revoked": (401, {"message": "Invalid token provided."}),
        },
    )

    def token_of(self, request: Request) -> str:
        return request.headers.get("circle-token", "")
