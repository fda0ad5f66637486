"""Pretend Linear: https://linear.app/developers/graphql"""

from __future__ import annotations

import uuid
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ..control import Action
from ..described import body_of
from ..dialect import Dialect
from ..faults import Fault
from ..params import Params
from ..sending import Attempt, Signing
from ..store import Record
from .app import Call, Plan, Planning
from .clock import iso
from .linear_calls import PEOPLE, TEAMS, answer, errors, person

STARTED = {"id": "s-2", "name": "In Progress", "type": "started"}
DONE = {"id": "s-3", "name": "Done", "type": "completed"}
SIGNING = Signing("Linear-Signature")


def moved(thing: Record, by: Record, at: float, is_done: bool) -> None:
    thing["before"] = {"stateId": thing["state"]["id"], "completedAt": thing["completedAt"]}
    thing["state"] = DONE if is_done else STARTED
    thing["completedAt"] = iso(at) if is_done else None
    thing["assignee"], thing["updatedAt"] = person(by), iso(at)


def told(thing: Record, by: Record, at: float, is_done: bool) -> Record:
    """https://linear.app/developers/webhooks#data-change-events-payload"""
    team = {name: TEAMS["t-1"][name] for name in ("id", "key", "name")}
    return {
        "action": "update",
        "type": "Issue",
        "actor": {**person(by), "type": "user"},
        "createdAt": iso(at),
        "data": {**{name: thing[name] for name in thing if name != "before"}, "team": team},
        "updatedFrom": thing["before"],
        "url": thing["url"],
        "organizationId": "o-1",
        "webhookTimestamp": int(at * 1000),
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    about = {"Linear-Delivery": str(uuid.uuid4()), "Linear-Event": "Issue"}
    return about | SIGNING.headers(body, hook["secret"], now=partner.store.now())


class Linear(Planning):
    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"
    plan = Plan(
        calls=(Call("POST", "/graphql", answer),),
        people=PEOPLE,
        things={
            "ENG-12": {
                "id": "4f0e8b5c-0012",
                "identifier": "ENG-12",
                "title": "Oil the mill",
                "url": "https://linear.app/engines/issue/ENG-12/oil-the-mill",
                "state": STARTED,
                "completedAt": None,
                "labels": [],
            },
        },
        moved=moved,
        told=told,
        signing=signed,
        dialect=Dialect(
            "/oauth/authorize",
            scope_separator=",",
            scopes=frozenset(("read", "write", "issues:create", "comments:create", "admin")),
            lifetime=86399,
        ),
        refusals={
            "429": (200, errors("RATELIMITED")),
            "500": (500, errors("INTERNAL_SERVER_ERROR")),
            "expired": (401, errors("AUTHENTICATION_ERROR")),
            "revoked": (400, errors("AUTHENTICATION_ERROR")),
        },
    )

    def speak(self, fault: Fault, path: str) -> Response:
        """It does not say in seconds when to come back."""
        return self.refusal(fault.kind)

    def routes(self) -> list[BaseRoute]:
        return [*super().routes(), Route("/oauth/revoke", self._end, methods=["POST"])]

    async def _end(self, request: Request) -> Response:
        """https://linear.app/developers/oauth-2-0-authentication#revoke-an-access-token"""
        token = str((await body_of(request)).get("access_token", ""))
        found = self.grants.find(token)
        if not found or found["revoked"]:
            return JSONResponse({"error": "invalid_request"}, 400 if found else 401)
        self.grants.revoke(found["account"])
        return JSONResponse({})

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "spoil": self._spoil}

    async def _spoil(self, params: Params, _: str) -> Record:
        """Somebody changes all webhooks: they are ``off``, or tell of comments alone."""
        changed = {"enabled": False} if params.text("off", "") else {"resourceTypes": ["Comment"]}
        for hook in self.hooks.values():
            hook.update(changed)
        return {"said": "They are spoilt."}

    async def send(self, hook: Record, body: bytes) -> Attempt:
        if hook["enabled"] and "Issue" in hook["resourceTypes"]:
            return await super().send(hook, body)
        return Attempt(None, "", 0)
