"""One thing that somebody does in a repository, and the events that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...params import BadParam, Params
from ...store import Record
from ..commits import moment
from ..payloads.hook import delivery
from ..payloads.people import organization, user
from ..payloads.place import Place
from ..payloads.repository import pushed
from ..payloads.web import Web
from ..repositories import level
from ..world import World

ASSOCIATIONS = {"admin": "OWNER", "push": "COLLABORATOR", "": "CONTRIBUTOR"}


@dataclass(frozen=True)
class Scene:
    """Where (`repository`), who (`actor`), and what was delivered so far."""

    world: World
    web: Web
    repository: Record
    actor: Record
    deliveries: list[Record] = field(default_factory=list)

    @classmethod
    def asked(cls, world: World, params: Params, origin: str) -> Scene:
        return cls(world, Web(origin), world.repository(params), world.account(params))

    @property
    def name(self) -> str:
        return str(self.repository["full_name"])

    @property
    def owner(self) -> Record:
        return self.world.repositories.owner(self.repository)

    @property
    def place(self) -> Place:
        return Place(self.web, self.repository, self.owner, self.world.accounts)

    @property
    def now(self) -> str:
        return moment(self.world.store.now())

    @property
    def association(self) -> str:
        return ASSOCIATIONS.get(level(self.repository, self.actor["login"]), "MEMBER")

    def number(self) -> int:
        """The next number; issues and pull requests share them."""
        return self.world.store.next_id(f"number of {self.name}")

    def thing(self, kind: str, params: Params) -> Record:
        """The issue or the pull request with the number that was asked for, else the newest."""
        things = self.repository[kind]
        number = params.text("number", next(reversed(things), ""))
        if number not in things:
            known = ", ".join(things) or "none yet"
            raise BadParam(f"no such number in {kind} of {self.name}: {number} ({known})")
        found: Record = things[number]
        return found

    async def send(self, event: str, payload: Record) -> None:
        """Send an event with the repository as the rest of the API shows it."""
        await self._deliver(event, payload, self.place.shown())

    async def send_push(self, payload: Record) -> None:
        """Send a push, whose repository looks different and which names the pusher."""
        pusher = {"name": self.actor["login"], "email": self.actor["noreply"]}
        body = pushed(self.web, self.repository, self.owner)
        await self._deliver("push", {**payload, "pusher": pusher}, body)

    async def _deliver(self, event: str, payload: Record, body: Record) -> None:
        owner = self.world.repositories.organization(self.repository)
        context = {"organization": organization(self.web, owner)} if owner else {}
        full = {**payload, "repository": body, **context, "sender": user(self.web, self.actor)}
        self.deliveries.extend(await self.world.deliveries.emit(self.repository, event, full))

    def outcome(self) -> list[Record]:
        return [{**delivery(record), "url": record["url"]} for record in self.deliveries]
