"""Pretend Bitbucket Data Center: https://developer.atlassian.com/server/bitbucket/rest/v811/intro/

Each answer names in its headers whom the token speaks for. Whoever is known, but may not do
something, hears 401 like those who are not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..sending import Signing
from ..store import Record
from .app import Call, Plan, Planning
from .forge import SITE, Does, Forge, site_of

API = "/rest/api/1.0"
HOOKS = f"{API}/projects/{{project}}/repos/{{slug}}/webhooks"
PROJECT, SLUG = "ENG", "engine"
SUBJECT = f"projects/{PROJECT}/repos/{SLUG}"
PEOPLE = {
    "ada": {"id": 1815, "name": "ada", "displayName": "Ada Lovelace", "admin": True},
    "grace": {"id": 1906, "name": "grace", "displayName": "Grace Hopper", "admin": False},
}
#: The names that the token of a repository gets: it is nobody's account.
#: https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html
TOKEN = {"id": 42_001, "name": "access-token-user-1", "displayName": "", "admin": True}
REPOSITORY = {
    "id": 42,
    "slug": SLUG,
    "name": SLUG,
    "project": {"id": 7, "key": PROJECT, "name": "Analytical Engines"},
    "links": {"self": [{"href": f"{SITE}/{SUBJECT}/browse"}]},
}
SIGNING = Signing("X-Hub-Signature", prefix="sha256=")
#: The most that is shown at once.
MOST = 1000


def error(message: str, kind: str) -> Record:
    """https://developer.atlassian.com/server/bitbucket/rest/v811/intro/#errors---validation"""
    name = f"com.atlassian.bitbucket.{kind}"
    return {"errors": [{"context": None, "message": message, "exceptionName": name}]}


def naming(does: Does) -> Does:
    """https://developer.atlassian.com/server/bitbucket/rest/v811/intro/#authentication"""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        answer, me = await does(partner, request, said), partner.me(request)
        if partner.settings.get("hides_ids") != "yes":
            answer.headers["X-AUSERID"] = str(me["id"])
        answer.headers["X-AUSERNAME"] = me["name"]
        return answer

    return call


def paged(partner: Planning, request: Request, values: list[Record]) -> Response:
    """https://developer.atlassian.com/server/bitbucket/rest/v811/intro/#paged-apis"""
    asked = request.query_params
    most = min(int(asked.get("limit", 25)), int(partner.settings.get("most", MOST)))
    start = int(asked.get("start", 0))
    is_last = start + most >= len(values)
    shown = values[start : start + most]
    page = {"size": len(shown), "limit": most, "start": start, "values": shown}
    more = {} if is_last else {"nextPageStart": start + most}
    return JSONResponse({**page, "isLastPage": is_last, **more})


async def repositories(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    asked = request.query_params
    is_shown = partner.me(request)["admin"] or asked.get("permission") != "REPO_ADMIN"
    found = is_shown and asked.get("name", "").strip().lower() in SLUG
    return paged(partner, request, [{**REPOSITORY, "links": {}}] if found else [])


async def users(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Of whom the name, the address or the account has these letters."""
    if partner.me(request)["name"] == TOKEN["name"]:
        return JSONResponse(error("You are not permitted.", "AuthorisationException"), 401)
    asked = request.query_params.get("filter", "").lower()
    listed = [{**each, "slug": each["name"], "type": "NORMAL"} for each in PEOPLE.values()]
    others = [{**each, "id": 9, "name": f"not-{each['name']}"} for each in listed]
    return paged(partner, request, [each for each in others + listed if asked in str(each["name"])])


def administered(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        asked = request.path_params
        if (asked["project"], asked["slug"]) != (PROJECT, SLUG) or not partner.things:
            word = f"Repository {asked['project']}/{asked['slug']} does not exist."
            return JSONResponse(error(word, "repository.NoSuchRepositoryException"), 404)
        if not partner.me(request)["admin"]:
            word = "You are not permitted to access this resource"
            return JSONResponse(error(word, "AuthorisationException"), 401)
        return await does(partner, request, said)

    return naming(call)


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return paged(partner, request, [shown(each) for each in partner.hooks.values()])


def shown(hook: Record) -> Record:
    facts = ("id", "name", "url", "events", "active", "sslVerificationRequired", "configuration")
    return {**{name: hook[name] for name in facts}, "scopeType": "repository"}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    number = partner.store.next_id("hook", 9001)
    return _kept(partner, {"id": number, "site": site_of(request)}, said, 201)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    return _kept(partner, found, said, 200) if found else _gone()


def _gone() -> Response:
    return JSONResponse(error("The webhook does not exist.", "webhook.NoSuchWebhookException"), 404)


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any], status: int) -> Response:
    """What is not said is as it is usually, however it was before."""
    for name in ("name", "url", "events"):
        if not said.get(name):
            return JSONResponse(error(f"{name} is required.", "ValidationException"), 400)
    usual = {"active": True, "sslVerificationRequired": True, "configuration": {}}
    names = ("name", "url", "events", *usual)
    told = {name: said[name] for name in names if name in said}
    partner.hooks[str(hook["id"])] = {"id": hook["id"], "site": hook["site"], **usual, **told}
    return JSONResponse(shown(partner.hooks[str(hook["id"])]), status)


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return Response(status_code=204) if gone else _gone()


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["state"] = "MERGED" if is_done else "DELETED"
    thing["updatedDate"] = thing["closedDate"] = int(at * 1000)


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html"""
    who = {name: person[name] for name in ("id", "name", "displayName")}
    actor = {**who, "type": "NORMAL", "links": {"self": [{"href": f"{SITE}/users/{who['name']}"}]}}
    links = {"self": [{"href": f"{SITE}/{SUBJECT}/pull-requests/{thing['id']}"}]}
    into = {"id": "refs/heads/main", "displayId": "main", "repository": REPOSITORY}
    return {
        "eventKey": "pr:merged" if is_done else "pr:deleted",
        "actor": actor,
        "pullRequest": {**thing, "author": {"user": actor}, "toRef": into, "links": links},
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """Nothing is signed where there is no secret."""
    name = f"request-{partner.store.next_id('request', 1)}"
    headers = {"X-Event-Key": json.loads(body)["eventKey"], "X-Request-Id": name}
    secret = hook["configuration"].get("secret")
    return headers | (SIGNING.headers(body, secret, now=partner.store.now()) if secret else {})


WRONG = error("Authentication failed.", "auth.IncorrectPasswordAuthenticationException")


class BitbucketServer(Forge):
    name: ClassVar[str] = "bitbucket_server"
    title: ClassVar[str] = "Bitbucket Data Center"
    options: ClassVar[Mapping[str, str]] = {
        "most": "the most that is shown at once",
        "hides_ids": "yes, where a proxy lets no ids of people through",
    }
    plan = Plan(
        calls=(
            Call("GET", f"{API}/repos", naming(repositories)),
            Call("GET", f"{API}/users", naming(users)),
            Call("GET", HOOKS, administered(webhooks)),
            Call("POST", HOOKS, administered(create)),
            Call("PUT", f"{HOOKS}/{{hook}}", administered(change)),
            Call("DELETE", f"{HOOKS}/{{hook}}", administered(remove)),
        ),
        people={**PEOPLE, "token": TOKEN},
        things={"3": {"id": 3, "title": "Oil the mill", "state": "OPEN"}},
        moved=moved,
        told=told,
        signing=signed,
        refusals={
            "429": (429, error("Too many requests.", "RateLimitException")),
            "500": (500, error("An unexpected error occurred.", "InternalServerException")),
            "expired": (401, WRONG),
            "revoked": (401, WRONG),
        },
    )
