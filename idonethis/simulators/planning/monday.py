"""Pretend monday.com: https://developer.monday.com/api-reference/reference/about-the-api-reference

One address that speaks GraphQL; what is asked is told by the words of the question. A webhook is
made where the address sends a challenge back. Events bring a token that the app's secret signs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..dialect import Dialect
from ..faults import Fault
from ..store import Record
from .app import Call, Plan, Planning
from .clock import iso

BOARD, ITEM = "2924980809", "7001"
SIGNING_SECRET = "the-signing-secret-of-the-pretend-app"  # noqa: S105
PEOPLE = {
    "ada": {"id": "1815", "name": "Ada Lovelace", "email": "ada@example.org"},
    "grace": {"id": "1906", "name": "Grace Hopper", "email": "grace@example.org"},
}
Answers = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Record]]


class Refused(Exception):
    """The code of an error, as a 200 brings it."""


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    return {"me": _person(partner.me(request))}


def _person(person: Record) -> Record:
    return {name: person[name] for name in ("id", "name", "email")}


async def boards(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    return {"boards": [{"id": BOARD, "name": "Difference Engine", "type": "board"}]}


async def items(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    found = partner.things.get(said["item"])
    shown = {name: found[name] for name in ("name", "url")} if found else {}
    values = [{"is_done": found["is_done"]}] if found else []
    users = [_person(each) for each in partner.accounts.values() if each["id"] == said["user"]]
    return {"items": [{**shown, "column_values": values}] if found else [], "users": users}


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    return {"webhooks": [{"id": name} for name in partner.hooks]}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    if said["board"] != BOARD:
        raise Refused("InvalidBoardIdException")
    challenge = uuid.uuid4().hex
    body, headers = json.dumps({"challenge": challenge}), {"Content-Type": "application/json"}
    attempt = await partner.sender.post(said["url"], body.encode(), headers=headers)
    if not attempt.arrived or json.loads(attempt.body) != {"challenge": challenge}:
        raise Refused("InvalidURLException")
    name = str(partner.store.next_id("hook", 147295839))
    partner.hooks[name] = {"url": said["url"], "secret": SIGNING_SECRET}
    return {"create_webhook": {"id": name}}


async def delete(partner: Planning, request: Request, said: Mapping[str, Any]) -> Record:
    if not partner.hooks.pop(said["hook"], None):
        raise Refused("InvalidWebhookIdException")
    return {"delete_webhook": {"id": said["hook"]}}


ASKED: Mapping[str, Answers] = {
    "create_webhook": create,
    "delete_webhook": delete,
    "webhooks (": webhooks,
    "items (": items,
    "boards (": boards,
    "me {": me,
}


async def answer(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    query, variables = str(said.get("query")), said.get("variables") or {}
    asked = next((each for word, each in ASKED.items() if word in query), None)
    try:
        if asked is None:
            raise Refused("ParseError")
        return JSONResponse({"data": await asked(partner, request, variables)})
    except Refused as problem:
        error = {"message": "It was refused.", "extensions": {"code": str(problem)}}
        return JSONResponse({"data": None, "errors": [error]})


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["is_done"] = is_done


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    event = {
        "app": "monday",
        "type": "update_column_value",
        "triggerTime": iso(at),
        "userId": int(person["id"]),
        "boardId": int(BOARD),
        "pulseId": int(ITEM),
        "pulseName": thing["name"],
        "columnId": "status",
        "columnType": "color",
        "value": {"label": {"index": int(is_done), "text": "Shipped" if is_done else "Stuck"}},
        "changedAt": at,
        "triggerUuid": uuid.uuid4().hex,
    }
    return {"event": event}


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """https://developer.monday.com/apps/docs/integration-authorization"""
    now = int(partner.store.now())
    claims = {"accountId": 42, "aud": hook["url"], "iat": now, "exp": now + 300}
    key = OctKey.import_key(hook["secret"])
    return {"Authorization": jwt.encode({"alg": "HS256"}, claims, key)}


class Monday(Planning):
    name: ClassVar[str] = "monday_com"
    title: ClassVar[str] = "monday.com"
    plan = Plan(
        calls=(Call("POST", "/v2", answer),),
        people=PEOPLE,
        things={
            ITEM: {
                "id": ITEM,
                "name": "Oil the mill",
                "url": f"https://engines.monday.com/boards/{BOARD}/pulses/{ITEM}",
                "is_done": False,
            },
        },
        moved=moved,
        told=told,
        signing=signed,
        dialect=Dialect("/oauth2/authorize", "/oauth2/token", client_auth="post", pkce="off"),
        refusals={
            "500": (500, {"errors": [{"message": "Internal server error"}]}),
            "expired": (401, {"errors": ["Not Authenticated"]}),
            "revoked": (401, {"errors": ["Not Authenticated"]}),
        },
    )

    def speak(self, fault: Fault, path: str) -> Response:
        """What is too complex is refused with 200, and says in the body when to come back:
        https://developer.monday.com/api-reference/docs/rate-limits"""
        if fault.kind != "429":
            return self.refusal(fault.kind)
        about = {"code": "COMPLEXITY_BUDGET_EXHAUSTED", "retry_in_seconds": fault.retry_after}
        error = {"message": "Complexity budget exhausted", "extensions": about}
        return JSONResponse({"errors": [error]})
