"""Pretend Buildkite: https://buildkite.com/docs/apis/rest-api

A token is of one person, with scopes of its own. Webhooks are notification services of an
organization, beside services of other kinds; its administrators make them:
https://buildkite.com/docs/apis/rest-api/organizations/notification-services. The token with which a
webhook signs is shown to them; a webhook that is off stays off until it is switched on."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..faults import Fault
from ..store import Record
from .app import Call, Plan, Planning
from .clock import iso
from .forge import Does, Forge, site_of

API = "/v2"
ORGANIZATION = {"id": "o-1", "slug": "analytical", "name": "Analytical Engines"}
SERVICES = f"{API}/organizations/{{slug}}/services"
ALL = (
    "read_user",
    "read_organizations",
    "read_notification_services",
    "write_notification_services",
)
PEOPLE: Mapping[str, Record] = {
    "ada": {"id": "1815", "name": "Ada Lovelace", "scopes": ALL, "admin": True},
    "grace": {"id": "1906", "name": "Grace Hopper", "scopes": ALL, "admin": False},
    "reader": {"id": "1791", "name": "Ada Lovelace", "scopes": ALL[:3], "admin": True},
}
#: Slack, which nobody may take for a webhook of ours.
OTHER = {"id": "s-0", "provider": {"id": "slack", "name": "Slack"}, "settings": {}, "enabled": True}
FACTS = ("id", "description", "enabled", "scope", "branch_configuration", "build_states")
SETTINGS = ("url", "token", "token_mode", "events", "tls_verify", "version")
USUAL = {
    "description": "",
    "enabled": True,
    "scope": "all",
    "branch_configuration": "",
    "build_states": {},
    "token": "made-at-buildkite",
    "token_mode": "token",
    "events": [],
    "tls_verify": True,
    "version": 3,
}
UNKNOWN = {"message": "Authentication required. Please supply a valid API Access Token"}
LOST = JSONResponse({"message": "No notification service found"}, 404)


def scoped(scope: str, does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if scope not in partner.me(request)["scopes"]:
            return JSONResponse({"message": f"Your access token lacks the scope {scope}"}, 403)
        return await does(partner, request, said)

    return call


def administered(scope: str, does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if request.path_params["slug"] != ORGANIZATION["slug"] or not partner.things:
            return JSONResponse({"message": "No organization found"}, 404)
        if not partner.me(request)["admin"]:
            return JSONResponse({"message": "Forbidden"}, 403)
        return await does(partner, request, said)

    return scoped(scope, call)


async def user(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    person = partner.me(request)
    return JSONResponse({name: person[name] for name in ("id", "name")})


async def organizations(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse([ORGANIZATION] if partner.things else [])


async def services(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """By cursor; where the next page lies, stands in ``links``."""
    asked, there = request.query_params, [OTHER, *map(shown, partner.hooks.values())]
    names = [each["id"] for each in there]
    begin = names.index(asked["after"]) + 1 if "after" in asked else 0
    end = begin + min(int(asked.get("per_page", 30)), int(partner.settings.get("most", 100)))
    links = {"self": str(request.url)}
    if end < len(there):
        links["next"] = str(request.url.include_query_params(after=names[end - 1]))
    return JSONResponse({"items": there[begin:end], "links": links})


def shown(hook: Record) -> Record:
    return {
        **{name: hook[name] for name in FACTS},
        "provider": {"id": "webhook", "name": "Webhook"},
        "scope_uuids": [],
        "settings": {name: hook[name] for name in SETTINGS},
    }


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if said.get("provider") != "webhook" or not (said.get("settings") or {}).get("url"):
        return JSONResponse({"message": "Validation failed"}, 422)
    return _kept(partner, {"id": str(uuid.uuid4()), "site": site_of(request), **USUAL}, said, 201)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """What is not said stays."""
    found = partner.hooks.get(request.path_params["hook"])
    return _kept(partner, found, said, 200) if found else LOST


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any], status: int) -> Response:
    """Whether it is on is no field that one sets."""
    known = {*FACTS[1:], "provider", "scope_uuids", "settings"} - {"enabled"}
    settings = said.get("settings") or {}
    if set(said) - known or set(settings) - set(SETTINGS):
        return JSONResponse({"message": "Validation failed"}, 422)
    told = {name: said[name] for name in FACTS if name in said}
    partner.hooks[hook["id"]] = {**hook, **told, **settings}
    return JSONResponse(shown(partner.hooks[hook["id"]]), status)


async def enable(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    if not found:
        return LOST
    found["enabled"] = True
    return JSONResponse(shown(found))


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return Response(status_code=204) if gone else LOST


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["state"], thing["finished_at"] = "passed" if is_done else "failed", iso(at)


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://buildkite.com/docs/apis/webhooks/pipelines/build-events"""
    who = {name: person[name] for name in ("id", "name")}
    return {
        "event": "build.finished",
        "build": {**thing, "creator": who, "web_url": "https://buildkite.com/analytical/b/12"},
        "pipeline": {"name": "Deploy the engine", "slug": "deploy", "default_branch": "main"},
        "sender": {"id": "1906", "name": "Grace Hopper"},
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """https://buildkite.com/docs/apis/webhooks/pipelines#webhook-signature"""
    event = {"X-Buildkite-Event": "build.finished"}
    if hook["token_mode"] != "signature":  # noqa: S105
        return {**event, "X-Buildkite-Token": hook["token"]}
    stamp = str(int(partner.store.now()))
    mac = hmac.new(hook["token"].encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return {**event, "X-Buildkite-Signature": f"timestamp={stamp},signature={mac.hexdigest()}"}


class Buildkite(Forge):
    name: ClassVar[str] = "buildkite"
    title: ClassVar[str] = "Buildkite"
    options: ClassVar[Mapping[str, str]] = {"most": "the most that is shown at once"}
    plan = Plan(
        calls=(
            Call("GET", f"{API}/user", scoped("read_user", user)),
            Call("GET", f"{API}/organizations", scoped("read_organizations", organizations)),
            Call("GET", SERVICES, administered("read_notification_services", services)),
            Call("POST", SERVICES, administered("write_notification_services", create)),
            Call(
                "PATCH", f"{SERVICES}/{{hook}}", administered("write_notification_services", change)
            ),
            Call(
                "PUT",
                f"{SERVICES}/{{hook}}/enable",
                administered("write_notification_services", enable),
            ),
            Call(
                "DELETE",
                f"{SERVICES}/{{hook}}",
                administered("write_notification_services", remove),
            ),
        ),
        people=PEOPLE,
        things={
            "b-12": {
                "id": "b-12",
                "number": 12,
                "state": "running",
                "branch": "main",
                "tag": None,
                "source": "ui",
                "finished_at": None,
            }
        },
        moved=moved,
        told=told,
        signing=signed,
        refusals={
            "429": (429, {"message": "You have exceeded your API rate limit"}),
            "500": (500, {"message": "Internal Server Error"}),
            "expired": (401, UNKNOWN),
            "revoked": (401, UNKNOWN),
        },
    )

    def speak(self, fault: Fault, path: str) -> Response:
        """It says how many seconds are left, and not by Retry-After:
        https://buildkite.com/docs/apis/rest-api/rate-limits"""
        answer = self.refusal(fault.kind)
        if fault.kind == "429":
            left = {"limit": "200", "remaining": "0", "reset": "42"}
            answer.headers.update({f"ratelimit-{name}": value for name, value in left.items()})
        return answer

    def listening(self, told: Record) -> list[Record]:
        return [
            hook
            for hook in self.hooks.values()
            if hook["enabled"] and told["event"] in hook["events"]
        ]
