"""Pretend Taiga: https://docs.taiga.io/api.html

A person is let in by a password, for a day; what renews that is good once. A token that has ended
is refused everywhere, also where none is needed. To whoever does not administer a project, its
webhooks are a list without any."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ..described import body_of
from ..dialect import Dialect, Refused
from ..sending import Signing
from ..store import Record
from .app import Call, Plan, Planning
from .clock import iso
from .forge import SITE, Does, Forge, site_of

API = "/api/v1"
SLUG, PROJECT = "ada-engines", 7
PASSWORD = "a password of the past"  # noqa: S105
PEOPLE: Mapping[str, Record] = {
    "ada": {"id": 1815, "username": "ada", "full_name": "Ada Lovelace", "admin": True},
    "grace": {"id": 1906, "username": "grace", "full_name": "Grace Hopper", "admin": False},
}
FACTS = ("id", "project", "name", "url", "key", "logs_counter")
SIGNING = Signing("X-TAIGA-WEBHOOK-SIGNATURE", algorithm="sha1")
INVALID = {"detail": "Token is invalid or expired", "code": "token_not_valid"}


def error(message: str, status: int) -> Response:
    kind = "taiga.base.exceptions.BaseException"
    return JSONResponse({"_error_message": message, "_error_type": kind}, status)


async def login(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """https://docs.taiga.io/api.html#auth-normal-login"""
    if said.get("type") != "normal":
        return error("invalid login type", 400)
    name = str(said.get("username"))
    if name not in PEOPLE or said.get("password") != PASSWORD:
        detail = "No active account found with the given credentials"
        return JSONResponse({"detail": detail, "code": "invalid_credentials"}, 401)
    return JSONResponse({**_shown(PEOPLE[name]), **_pair(partner.grants.issue(name, []))})


def _shown(person: Record) -> Record:
    return {name: person[name] for name in ("id", "username", "full_name")}


def _pair(token: Record) -> Record:
    return {"auth_token": token["access_token"], "refresh": token["refresh_token"]}


async def refresh(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """https://docs.taiga.io/api.html#auth-refresh"""
    try:
        return JSONResponse(_pair(partner.grants.refresh(str(said.get("refresh")))))
    except Refused:
        return JSONResponse(INVALID, 401)


async def user(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse(_shown(partner.me(request)))


def project(partner: Planning, request: Request) -> Record:
    facts = {"id": PROJECT, "slug": SLUG, "name": "Engines", "is_private": True}
    return {**facts, "i_am_admin": partner.me(request)["admin"], "i_am_member": True}


async def projects(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Of everybody's projects; it is of those alone who are members."""
    mine = {**project(partner, request), "id": 8, "slug": "ada-looms", "name": "Looms"}
    others = {**mine, "id": 9, "slug": "mallorys", "name": "Steam", "i_am_admin": False}
    is_mine = request.query_params.get("member") in ("1815", "1906")
    found = [mine, project(partner, request)] if is_mine else [others]
    return _listed(request, found if partner.things else [])


def _listed(request: Request, found: list[Record]) -> Response:
    """One at once, to who does not ask for all. https://docs.taiga.io/api.html#_pagination"""
    size = len(found) if request.headers.get("x-disable-pagination") else 1
    return JSONResponse(found[:size], headers={"x-pagination-count": str(len(found))})


async def by_slug(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if request.query_params.get("slug") != SLUG or not partner.things:
        return error("No Project matches the given query.", 404)
    if partner.settings.get("blocked") == "yes":
        return error("Blocked element", 451)
    return JSONResponse(project(partner, request))


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    of = request.query_params.get("project")
    is_shown = partner.me(request)["admin"]
    found = [shown(each) for each in partner.hooks.values() if str(each["project"]) == of]
    return _listed(request, found if is_shown else [])


def shown(hook: Record) -> Record:
    return {name: hook[name] for name in FACTS}


def administered(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if not partner.me(request)["admin"]:
            return error("You do not have permission to perform this action.", 403)
        return await does(partner, request, said)

    return call


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    missing = {name: ["This field is required."] for name in FACTS[1:5] if not said.get(name)}
    if missing:
        return JSONResponse(missing, 400)
    if said["project"] != PROJECT:
        return error("You do not have permission to perform this action.", 403)
    number = partner.store.next_id("hook", 9001)
    hook = {"id": number, "logs_counter": 0, "site": site_of(request)}
    partner.hooks[str(number)] = {**hook, **{name: said[name] for name in FACTS[1:5]}}
    return JSONResponse(shown(partner.hooks[str(number)]), 201)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    if not found:
        return error("Not found.", 404)
    found.update({name: said[name] for name in FACTS[1:5] if name in said})
    return JSONResponse(shown(found))


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return Response(status_code=204) if gone else error("Not found.", 404)


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["is_closed"], thing["modified_date"] = is_done, iso(at)


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://docs.taiga.io/webhooks.html#_payloads"""
    page = f"{SITE}/project/{SLUG}"
    status = {"name": "Done" if is_done else "New", "is_closed": is_done}
    where = {"id": PROJECT, "permalink": page, "name": "Engines"}
    story = {**thing, "project": where, "permalink": f"{page}/us/{thing['ref']}"}
    return {
        "action": "change",
        "type": "userstory",
        "by": _shown(person),
        "date": iso(at),
        "data": {**story, "status": status, "assigned_to": None, "tags": []},
        "change": {"diff": {"status": {"from": "New", "to": status["name"]}}},
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """https://docs.taiga.io/webhooks.html#_verify_signature"""
    return SIGNING.headers(body, hook["key"], now=partner.store.now())


class Taiga(Forge):
    name: ClassVar[str] = "taiga"
    title: ClassVar[str] = "Taiga"
    options: ClassVar[Mapping[str, str]] = {"blocked": "yes, where the project is blocked"}
    plan = Plan(
        calls=(
            Call("GET", f"{API}/users/me", user),
            Call("GET", f"{API}/projects", projects),
            Call("GET", f"{API}/projects/by_slug", by_slug),
            Call("GET", f"{API}/webhooks", webhooks),
            Call("POST", f"{API}/webhooks", administered(create)),
            Call("PATCH", f"{API}/webhooks/{{hook}}", administered(change)),
            Call("DELETE", f"{API}/webhooks/{{hook}}", administered(remove)),
        ),
        people=PEOPLE,
        things={"3": {"id": 300, "ref": 3, "subject": "Oil the mill", "is_closed": False}},
        moved=moved,
        told=told,
        signing=signed,
        dialect=Dialect(lifetime=24 * 3600),
        refusals={
            "429": (429, {"_error_message": "Request was throttled."}),
            "500": (500, {"_error_message": "Unexpected error"}),
            "expired": (401, INVALID),
            "revoked": (401, INVALID),
        },
    )

    def routes(self) -> list[BaseRoute]:
        opened = {f"{API}/auth": login, f"{API}/auth/refresh": refresh}
        free = [Route(path, self._free(does), methods=["POST"]) for path, does in opened.items()]
        return [*free, *super().routes()]

    def _free(self, does: Does) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            shown = self.token_of(request)
            if shown and self.grants.standing(shown) != "live":
                return self.refusal("expired")
            return await does(self, request, await body_of(request))

        return endpoint
