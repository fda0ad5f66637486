"""The routes of the API, and what surrounds every answer."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...store import Record
from ..errors import ApiError, bad_credentials
from ..oauth import normalized
from ..payloads.web import API
from ..world import World
from . import applications, history, hooks, repositories, things, users
from .call import Call

Endpoint = Callable[[Call], Awaitable[Response]]

REPO = "/repos/{owner}/{repo}"
HOOK = f"{REPO}/hooks/{{hook}}"
ROUTES: list[tuple[str, str, Endpoint]] = [
    ("GET", "/user", users.me),
    ("GET", "/user/emails", users.emails),
    ("GET", "/user/repos", repositories.mine),
    ("GET", "/search/repositories", repositories.search),
    ("GET", REPO, repositories.one),
    ("GET", f"{REPO}/hooks", hooks.listed),
    ("POST", f"{REPO}/hooks", hooks.create),
    ("GET", HOOK, hooks.one),
    ("PATCH", HOOK, hooks.change),
    ("DELETE", HOOK, hooks.delete),
    ("POST", f"{HOOK}/pings", hooks.pings),
    ("GET", f"{HOOK}/deliveries", hooks.deliveries),
    ("GET", f"{HOOK}/deliveries/{{delivery}}", hooks.delivery),
    ("POST", f"{HOOK}/deliveries/{{delivery}}/attempts", hooks.attempt),
    ("GET", f"{REPO}/pulls", things.pulls),
    ("GET", f"{REPO}/pulls/{{number}}", things.pull),
    ("GET", f"{REPO}/issues", things.issues),
    ("GET", f"{REPO}/issues/{{number}}", things.one_issue),
    ("GET", f"{REPO}/pulls/{{number}}/reviews", things.reviews),
    ("GET", f"{REPO}/releases", things.releases),
    ("GET", f"{REPO}/activity", history.activity),
    ("GET", f"{REPO}/compare/{{basehead}}", history.compare),
    ("GET", f"{REPO}/commits", history.commits),
    ("POST", "/applications/{client_id}/token", applications.check),
    ("DELETE", "/applications/{client_id}/token", applications.delete_token),
    ("DELETE", "/applications/{client_id}/grant", applications.delete_grant),
]


def routes(world: World) -> list[Route]:
    every = ["GET", "POST", "PATCH", "PUT", "DELETE"]
    lost = Route(f"{API}/{{rest:path}}", guarded(world, nowhere), methods=every)
    return [
        *(
            Route(API + path, guarded(world, endpoint), methods=[verb])
            for verb, path, endpoint in ROUTES
        ),
        lost,
    ]


async def nowhere(_: Call) -> Response:
    raise ApiError(404, "Not Found")


def guarded(world: World, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint with the token checked, the rate counted, and errors in GitHub's shape."""

    async def answer(request: Request) -> Response:
        token: Record | None = None
        try:
            token = token_of(request, world)
            spend(world, token)
            response = await endpoint(await call_of(request, world, token=token))
        except ApiError as error:
            response = error.response()
        response.headers.update(surroundings(world, token))
        return response

    return answer


def token_of(request: Request, world: World) -> Record | None:
    scheme, _, access_token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "token"):
        return None
    if world.grants.standing(access_token) != "live":
        raise bad_credentials()
    return world.grants.find(access_token)


def spend(world: World, token: Record | None) -> None:
    login = token["account"] if token else "anonymous"
    if not world.rate.spend(login):
        raise ApiError(403, f"API rate limit exceeded for user {login}.")


async def call_of(request: Request, world: World, *, token: Record | None) -> Call:
    login = token["account"] if token else None
    scopes = frozenset(normalized(token["scopes"])) if token else frozenset[str]()
    return Call(request, world, login=login, scopes=scopes, body=await json_body(request))


async def json_body(request: Request) -> Record:
    raw = await request.body()
    try:
        body = json.loads(raw or b"{}")
    except ValueError as error:
        raise ApiError(400, "Problems parsing JSON") from error
    if not isinstance(body, dict):
        raise ApiError(400, "Body should be a JSON object")
    return body


def surroundings(world: World, token: Record | None) -> dict[str, str]:
    login = token["account"] if token else "anonymous"
    scopes = {"X-OAuth-Scopes": ", ".join(normalized(token["scopes"]))} if token else {}
    return {
        **world.rate.headers(login),
        **scopes,
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-GitHub-Request-Id": uuid.uuid4().hex.upper(),
    }
