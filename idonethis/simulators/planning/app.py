"""A pretend partner in which work is planned, as a Plan describes it."""

from __future__ import annotations

import copy
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..clients import LOOPBACK, Client
from ..control import Action, Reading
from ..described import Described, Refusals, body_of
from ..dialect import Dialect
from ..params import Params
from ..sending import Attempt, Signing
from ..store import Record
from .clock import iso


@dataclass(frozen=True)
class Call:
    """One call that the partner takes: ``does`` gets the partner, the request, and its JSON."""

    method: str
    path: str
    does: Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]


@dataclass(frozen=True)
class Plan:
    """One partner. ``people`` and ``things`` are as it keeps them, by their ids. ``moved`` changes
    a thing that this person finishes, or takes up again; ``told`` is the body of the hooks that say
    so. ``pointed`` is what it does with an address that a person enters on its page. ``refusals``
    say in its own words what happens there: the status and the body for "429", "expired" and so on.
    """

    calls: tuple[Call, ...]
    people: Mapping[str, Record]
    things: Mapping[str, Record]
    moved: Callable[[Record, Record, float, bool], None]
    told: Callable[[Record, Record, float, bool], Record]
    signing: Callable[[Planning, bytes, Record], dict[str, str]]
    refusals: Refusals
    dialect: Dialect = field(default_factory=Dialect)
    token: Callable[[Record], Record] = lambda person: {}
    pointed: Callable[[Planning, str], Awaitable[Record]] | None = None


def by_hmac(signing: Signing) -> Callable[[Planning, bytes, Record], dict[str, str]]:
    return lambda partner, body, hook: signing.headers(
        body, hook["secret"], now=partner.store.now()
    )


class Planning(Described):
    plan: ClassVar[Plan]
    template: ClassVar[str] = "planning/templates/home.html"

    def __init__(
        self,
        *,
        redirect_uris: tuple[str, ...] = LOOPBACK,
        state_path: Path | None = None,
        journal_path: Path | None = None,
        settings: Mapping[str, str] | None = None,
        timeout: float = 5,
    ) -> None:
        super().__init__(
            Client(f"pretend-{self.name}-client", f"pretend-{self.name}-secret", redirect_uris),
            self.plan.dialect,
            timeout=timeout,
            state_path=state_path,
            journal_path=journal_path,
            settings=settings or {},
        )

    def seed(self) -> Record:
        people = {key: {**each, "signs_in": True} for key, each in self.plan.people.items()}
        things = copy.deepcopy(dict(self.plan.things))
        return {"accounts": people, "things": things, "hooks": {}}

    @property
    def things(self) -> Record:
        return self.store.table("things")

    @property
    def hooks(self) -> Record:
        return self.store.table("hooks")

    def routes(self) -> list[BaseRoute]:
        return [
            Route(call.path, self._endpoint(call), methods=[call.method])
            for call in self.plan.calls
        ]

    def _endpoint(self, call: Call) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if self.grants.standing(self.token_of(request)) != "live":
                return self.refusal("expired")
            return await call.does(self, request, await body_of(request))

        return endpoint

    def token_of(self, request: Request) -> str:
        return request.headers.get("authorization", "").removeprefix("Bearer ")

    def me(self, request: Request) -> Record:
        """Whose call it is."""
        token = self.grants.find(self.token_of(request)) or {}
        person: Record = self.accounts[token["account"]]
        return person

    @property
    def refusals(self) -> Refusals:
        return self.plan.refusals

    def issue(self, grant: Record) -> Record:
        return {**super().issue(grant), **self.plan.token(self.accounts[grant["account"]])}

    def actions(self) -> dict[str, Action]:
        return {
            "let_in": self._let_in,
            "finish": self._finish,
            "reopen": self._reopen,
            "drop": self._drop,
            "forget_hooks": self._forget_hooks,
            "point": self._point,
        }

    async def _let_in(self, params: Params, _: str) -> Record:
        """This ``account`` lets us in without a consent page."""
        return {"access_token": self.grants.issue(params.text("account"), [])["access_token"]}

    async def _finish(self, params: Params, _: str) -> Record:
        """Somebody (``by``) finishes a ``thing``; everybody who wants to know is told."""
        return await self._move(params, is_done=True)

    async def _reopen(self, params: Params, _: str) -> Record:
        """Somebody (``by``) takes up a ``thing`` again."""
        return await self._move(params, is_done=False)

    async def _move(self, params: Params, *, is_done: bool) -> Record:
        thing, person = self.things[params.text("thing")], self.accounts[params.text("by")]
        now = self.store.now()
        self.plan.moved(thing, person, now, is_done)
        return {"answers": await self.tell(self.plan.told(thing, person, now, is_done))}

    async def tell(self, told: Record) -> list[int | None]:
        """Returns what those answered who wanted to know it."""
        body = json.dumps(told).encode()
        tried = [await self.send(hook, body) for hook in self.listening(told)]
        return [attempt.status for attempt in tried]

    def listening(self, told: Record) -> list[Record]:
        """The webhooks that want to know this."""
        return list(self.hooks.values())

    async def send(self, hook: Record, body: bytes) -> Attempt:
        signed = self.plan.signing(self, body, hook)
        headers = {"Content-Type": "application/json", **signed}
        return await self.sender.post(hook["url"], body, headers=headers)

    async def _drop(self, params: Params, _: str) -> Record:
        """Somebody removes a ``thing``."""
        self.things.pop(params.text("thing"), None)
        return {"said": "It is gone."}

    async def _forget_hooks(self, params: Params, _: str) -> Record:
        """Somebody removes all webhooks."""
        self.hooks.clear()
        return {"said": "There are none any more."}

    async def _point(self, params: Params, _: str) -> Record:
        """Somebody enters this ``url`` on the page for webhooks."""
        pointed = self.plan.pointed
        return await pointed(self, params.text("url")) if pointed else {"said": "No such page."}

    def readings(self) -> dict[str, Reading]:
        return {"hooks": lambda _: dict(self.hooks), "things": lambda _: dict(self.things)}

    def home(self, request: Request) -> Record:
        return {"things": self.things, "hooks": self.hooks}

    def now(self) -> str:
        return iso(self.store.now())
