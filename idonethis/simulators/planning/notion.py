"""Pretend Notion: https://developers.notion.com/reference/intro

A webhook is entered on its page. It hands a token over to that address, unsigned, and sends events
once a person has typed the token in: https://developers.notion.com/reference/webhooks"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..control import Action
from ..dialect import Dialect
from ..params import BadParam, Params
from ..sending import Signing
from ..store import Record
from .app import Call, Plan, Planning, by_hmac
from .clock import iso

SOURCE = "18420000-0000-4000-8000-000000000002"
PAGE = "70010000-0000-4000-8000-000000000001"
STATUS = "Z%3ClH"
PEOPLE = {
    "ada": {"id": "1815", "name": "Ada Lovelace", "email": "ada@example.org"},
    "grace": {"id": "1906", "name": "Grace Hopper", "email": "grace@example.org"},
}
OPTIONS = {"open": {"id": "o-1", "name": "Not started"}, "done": {"id": "o-3", "name": "Shipped"}}
GROUPS = [
    {"id": "g-1", "name": "To-do", "option_ids": ["o-1"]},
    {"id": "g-2", "name": "In progress", "option_ids": ["o-2"]},
    {"id": "g-3", "name": "Complete", "option_ids": ["o-3"]},
]


def error(code: str, sentence: str, status: int) -> Response:
    said = {"object": "error", "status": status, "code": code, "message": sentence}
    return JSONResponse(said, status)


NOT_FOUND = "Could not find it. Make sure the relevant pages are shared with your integration."

Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]


def versioned(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if "notion-version" not in request.headers:
            return error("missing_version", "Notion-Version header should be defined.", 400)
        return await does(partner, request, said)

    return call


async def page(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.things.get(request.path_params["page"])
    return JSONResponse(found) if found else error("object_not_found", NOT_FOUND, 404)


async def source(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if request.path_params["source"] != SOURCE:
        return error("object_not_found", NOT_FOUND, 404)
    status = {"options": list(OPTIONS.values()), "groups": GROUPS}
    properties = {"Status": {"id": STATUS, "type": "status", "status": status}}
    return JSONResponse({"object": "data_source", "id": SOURCE, "properties": properties})


async def user(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    known = {each["id"]: each for each in partner.accounts.values()}
    found = known.get(request.path_params["user"])
    return JSONResponse(shown(found)) if found else error("object_not_found", NOT_FOUND, 404)


def shown(person: Record) -> Record:
    about = {"object": "user", "id": person["id"], "type": "person", "name": person["name"]}
    return {**about, "person": {"email": person["email"]}}


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["properties"]["Status"]["status"] = OPTIONS["done" if is_done else "open"]
    thing["last_edited_time"] = iso(at)


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    return {
        "id": str(uuid.uuid4()),
        "timestamp": iso(at),
        "workspace_id": "42424242-0000-4000-8000-000000000042",
        "subscription_id": "5b5b5b5b-0000-4000-8000-000000000001",
        "authors": [{"id": person["id"], "type": "person"}],
        "attempt_number": 1,
        "api_version": "2025-09-03",
        "entity": {"id": thing["id"], "type": "page"},
        "type": "page.properties_updated",
        "data": {"parent": thing["parent"], "updated_properties": [STATUS]},
    }


async def pointed(partner: Planning, url: str) -> Record:
    token = f"secret_{secrets.token_urlsafe(32)}"
    body = json.dumps({"verification_token": token}).encode()
    attempt = await partner.sender.post(url, body, headers={"Content-Type": "application/json"})
    partner.store.table("pending")[url] = token
    return {"answer": attempt.status}


class Notion(Planning):
    name: ClassVar[str] = "notion"
    title: ClassVar[str] = "Notion"
    plan = Plan(
        calls=(
            Call("GET", "/v1/pages/{page}", versioned(page)),
            Call("GET", "/v1/data_sources/{source}", versioned(source)),
            Call("GET", "/v1/users/{user}", versioned(user)),
        ),
        people=PEOPLE,
        things={
            PAGE: {
                "object": "page",
                "id": PAGE,
                "url": "https://www.notion.so/Oil-the-mill-70010000",
                "parent": {"type": "data_source_id", "data_source_id": SOURCE},
                "properties": {
                    "Status": {"id": STATUS, "type": "status", "status": OPTIONS["open"]},
                    "Name": {
                        "id": "title",
                        "type": "title",
                        "title": [{"plain_text": "Oil "}, {"plain_text": "the mill"}],
                    },
                },
            },
        },
        moved=moved,
        told=told,
        signing=by_hmac(Signing("X-Notion-Signature", prefix="sha256=")),
        dialect=Dialect(
            "/v1/oauth/authorize", "/v1/oauth/token", client_auth="basic", body="json", pkce="off"
        ),
        token=lambda person: {"bot_id": "b-1", "owner": {"type": "user", "user": shown(person)}},
        pointed=pointed,
        refusals={
            "429": (429, {"object": "error", "status": 429, "code": "rate_limited"}),
            "500": (500, {"object": "error", "status": 500, "code": "internal_server_error"}),
            "expired": (401, {"object": "error", "status": 401, "code": "unauthorized"}),
            "revoked": (401, {"object": "error", "status": 401, "code": "unauthorized"}),
        },
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "confirm": self._confirm}

    async def _confirm(self, params: Params, _: str) -> Record:
        """Somebody types in the ``token`` that went to this ``url``."""
        url, token = params.text("url"), params.text("token")
        if self.store.table("pending").pop(url, None) != token:
            raise BadParam("this is not the token")
        self.hooks[url] = {"url": url, "secret": token}
        return {"said": "Events are sent there from now on."}
