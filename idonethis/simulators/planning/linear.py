"""Pretend Linear: https://linear.app/developers/graphql"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
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
from .linear_calls import PEOPLE, answer, errors, person
from .linear_past import DONE, FINISHED, SHIPPED, STARTED, WHOSE, named, shown

BEGUN = {"id": "s-1", "name": "Todo", "type": "unstarted"}
APP = {"id": "b-1", "name": "GitHub", "type": "integration"}
SIGNING = Signing("Linear-Signature")


def moved(thing: Record, by: Record, at: float, is_done: bool) -> None:
    thing["before"] = {"stateId": thing["state"]["id"], "completedAt": thing["completedAt"]}
    thing["state"] = DONE if is_done else STARTED
    thing["completedAt"] = iso(at) if is_done else None
    thing["assignee"], thing["updatedAt"] = person(by), iso(at)


def told(thing: Record, by: Record, at: float, is_done: bool) -> Record:
    """https://linear.app/developers/webhooks#data-change-events-payload"""
    return {
        "action": "update",
        "type": thing.get("kind", "Issue"),
        "actor": {**person(by), "type": "user"},
        "createdAt": iso(at),
        "data": shown(thing),
        "updatedFrom": thing["before"],
        "url": thing["url"],
        "organizationId": "o-1",
        "webhookTimestamp": int(at * 1000),
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    kind = json.loads(body)["type"]
    about = {"Linear-Delivery": str(uuid.uuid4()), "Linear-Event": kind}
    return about | SIGNING.headers(body, hook["secret"], now=partner.store.now())


def _history(at: float, by: Record, params: Params) -> Iterator[Record]:
    """Begun by somebody else, completed, and shipped and retitled by somebody else."""
    if params.get("silent"):
        return
    other = next(each for each in PEOPLE.values() if each != by)
    yield _move(at - 60, BEGUN, STARTED, by=other)
    completed = _move(at, STARTED, DONE, by=by)
    yield {**completed, "actor": None, "botActor": APP} if params.get("bot") else completed
    if params.get("shipped"):
        yield _move(at + 60, DONE, SHIPPED, by=other)
    yield {**_move(at + 90, {}, {}, by=other), "fromState": None, "toState": None}


def _move(at: float, before: Record, after: Record, *, by: Record) -> Record:
    moved = {"createdAt": iso(at), "fromState": before, "toState": after}
    return {**moved, "actor": person(by), "botActor": None}


class Linear(Planning):
    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"
    options: ClassVar[Mapping[str, str]] = {"most": "the most that is shown at once"}
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
        return {**super().actions(), "spoil": self._spoil, "happen": self._happen}

    async def _happen(self, params: Params, _: str) -> Record:
        """A thing of a ``kind`` is made and, ``ago`` seconds before now, completed ``by`` somebody,
        or by an integration (``bot``), or the history is ``silent`` about it; it is ``whose``, or
        nobody's; everybody who wants to know is told. Since then it may have been ``shipped`` by
        the other person, ``archived`` or ``trashed``."""
        at, by = self.store.now() - params.decimal("ago", 0), PEOPLE[params.text("by", "ada")]
        thing = self._completed(params, at) | {"history": list(_history(at, by, params))}
        self.things[thing["id"]] = thing
        said = told(thing, by, at, True)
        if params.get("bot"):
            said["actor"] = APP
        # Signed now, whenever it happened.
        signed_at = {"webhookTimestamp": int(self.store.now() * 1000)}
        return {"answers": await self.tell(said | signed_at)}

    def _completed(self, params: Params, at: float) -> Record:
        kind, whose, now = params.text("kind", "Issue"), params.get("whose"), self.now()
        thing = named(kind, self.store.next_id("number", 13), params.text("title"))
        thing |= FINISHED[kind] | {WHOSE[kind]: person(PEOPLE[whose]) if whose else None}
        thing |= {"completedAt": iso(at), "updatedAt": iso(at), "createdAt": now}
        thing |= {"team_id": params.text("team", "t-1"), "trashed": bool(params.get("trashed"))}
        thing["archivedAt"] = now if thing["trashed"] or params.get("archived") else None
        return thing | {"before": {"stateId": "s-2"} if kind == "Issue" else {"status": "started"}}

    def listening(self, told: Record) -> list[Record]:
        """Of those of a team, no other team and no initiative is told."""
        team = None if told["type"] == "Initiative" else told["data"]["team"]["id"]
        return [each for each in self.hooks.values() if each["team"] in (None, team)]

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
