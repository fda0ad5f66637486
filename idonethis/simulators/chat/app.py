"""A pretend partner that takes messages, as a Talk describes it."""

from __future__ import annotations

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
from ..store import Record
from .rooms import Rooms
from .speaking import Speaking
from .voice import PEOPLE, Voice

Does = Callable[[Rooms, Request, Mapping[str, Any]], Response]


@dataclass(frozen=True)
class Call:
    """One call that the partner takes: ``does`` gets what stands in its rooms, the request, and its
    body, whether JSON or a form."""

    method: str
    path: str
    does: Does


def takes_everybody(request: Request) -> Response | None:
    return None


@dataclass(frozen=True)
class Talk:
    """One partner. ``rooms``: those that there are, by id. ``turns_away``: what who calls hears who
    may not; None for all others. ``refusals`` say in its own words what happens there: the status
    and the body for "429", "500", "expired", "revoked" and so on. ``voice``: how it tells of what
    people say there, where it does."""

    calls: tuple[Call, ...]
    rooms: Mapping[str, str]
    turns_away: Callable[[Request], Response | None] = takes_everybody
    refusals: Refusals = field(default_factory=dict)
    voice: Voice | None = None


class Chat(Described):
    talk: ClassVar[Talk]
    template: ClassVar[str] = "chat/templates/home.html"
    options: ClassVar[Mapping[str, str]] = {
        "hook_url": "where it tells what people say",
        "hook_secret": "the token or key that goes along",
    }

    def __init__(
        self,
        *,
        state_path: Path | None = None,
        journal_path: Path | None = None,
        settings: Mapping[str, str] | None = None,
        timeout: float = 5,
    ) -> None:
        super().__init__(
            Client("none", "none", LOOPBACK),
            Dialect(),
            timeout=timeout,
            state_path=state_path,
            journal_path=journal_path,
            settings=settings or {},
        )
        self.rooms = Rooms(self.store)

    def seed(self) -> Record:
        rooms = {name: {"title": title, "messages": []} for name, title in self.talk.rooms.items()}
        return {"accounts": {}, "rooms": rooms}

    def routes(self) -> list[BaseRoute]:
        return [
            Route(call.path, self._endpoint(call.does), methods=[call.method])
            for call in self.talk.calls
        ]

    def _endpoint(self, does: Does) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            body = await body_of(request)
            return self.talk.turns_away(request) or does(self.rooms, request, body)

        return endpoint

    def actions(self) -> dict[str, Action]:
        if self.talk.voice is None:
            return {"remove_all": self._remove_all}
        speaking = Speaking(self.talk.voice, self.rooms, store=self.store, sender=self.sender)
        return {"remove_all": self._remove_all, **speaking.actions()}

    async def _remove_all(self, params: Params, origin: str) -> Record:
        """Somebody removes every message there."""
        return {"said": f"{self.rooms.remove_all()} messages are gone"}

    def readings(self) -> dict[str, Reading]:
        return {"messages": lambda _: self.rooms.shown()}

    @property
    def refusals(self) -> Refusals:
        return self.talk.refusals

    def home(self, request: Request) -> Record:
        where = self.talk.rooms if self.talk.voice else {}
        return {"rooms": self.rooms.shown(), "where": where, "people": PEOPLE.values()}
