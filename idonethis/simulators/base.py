"""What every pretend partner has in common."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from .actions import CommonActions
from .clients import Client
from .consent import Consent
from .control import Action, Control, Reading
from .dialect import Dialect
from .exchange import Exchange
from .faults import Fault, Faults
from .grants import Grants
from .journal import Journal
from .later import Later
from .pages import furniture, page
from .sending import Sender
from .store import Record, Store
from .traffic import Traffic


class Simulator:
    """A pretend partner: an ASGI application.

    A subclass says its name, seeds its world, speaks its faults, and brings routes and actions.
    `options` names the settings (with a line of help each) that may be given at construction, on
    the command line and by the control API; they are part of the state.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    api_prefix: ClassVar[str] = ""
    options: ClassVar[Mapping[str, str]] = {}
    #: Of the page on which a person plays the partner; by the partner's name, where it is empty.
    template: ClassVar[str] = ""

    def __init__(
        self,
        client: Client,
        dialect: Dialect,
        *,
        timeout: float,
        state_path: Path | None,
        settings: Mapping[str, str],
        journal_path: Path | None = None,
    ) -> None:
        self.client = client
        self.dialect = dialect
        self.store = Store(self.seed, state_path)
        self.settings.update({key: value for key, value in settings.items() if value})
        self.grants = Grants(self.store, dialect)
        self.journal = Journal(journal_path)
        self.faults = Faults()
        self.later = Later()
        self.sender = Sender(self.journal, timeout=timeout)

    def seed(self) -> Record:
        """The tables of a fresh world; `accounts` must be among them."""
        raise NotImplementedError

    def routes(self) -> list[BaseRoute]:
        raise NotImplementedError

    def actions(self) -> dict[str, Action]:
        """What the control API can make this partner do beyond CommonActions."""
        raise NotImplementedError

    def readings(self) -> dict[str, Reading]:
        """What the control API can show beyond faults, journal and settings."""
        return {}

    def speak(self, fault: Fault, path: str) -> Response:
        """Say 429, 500, expired or revoked as this partner would at that path."""
        raise NotImplementedError

    def home(self, request: Request) -> Record:
        """The context of the template <name>/templates/home.html."""
        raise NotImplementedError

    def issue(self, grant: Record) -> Record:
        """The token endpoint's answer to a redeemed grant."""
        token = self.grants.issue(grant["account"], grant["scopes"], asked=grant["asked"])
        return self.dialect.token_body(token)

    @property
    def settings(self) -> Record:
        return self.store.table("settings")

    @property
    def accounts(self) -> Record:
        return self.store.table("accounts")

    @cached_property
    def app(self) -> Traffic:
        return Traffic(
            Starlette(routes=self._all_routes(), lifespan=self._lifespan),
            self.journal,
            faults=self.faults,
            speak=self.speak,
            whose=self.grants.whose,
            prefix=self.api_prefix,
        )

    def _all_routes(self) -> list[BaseRoute]:
        common = CommonActions(
            self.store, self.journal, faults=self.faults, grants=self.grants, later=self.later
        )
        actions = {**common.actions(), **self.actions()}
        control = Control(actions, {**common.readings(), **self.readings()})
        return [
            Route("/", self._home, methods=["GET"]),
            *furniture(),
            *control.routes(),
            *self.oauth(),
            *self.routes(),
        ]

    def oauth(self) -> list[Route]:
        """How an account lets the application in."""
        return [*self._consent().routes(), *self._exchange().routes()]

    def _consent(self) -> Consent:
        return Consent(
            self.title, self.store, client=self.client, grants=self.grants, dialect=self.dialect
        )

    def _exchange(self) -> Exchange:
        return Exchange(self.client, self.grants, dialect=self.dialect, issue=self.issue)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        await self.later.stop()
        self.store.save()

    async def _home(self, request: Request) -> Response:
        said = request.query_params.get("said", "")
        context = {
            "title": self.title,
            "said": said,
            "settings": self.settings,
            "faults": self.faults.armed,
        }
        template = self.template or f"{self.name}/templates/home.html"
        return page(template, {**context, **self.home(request)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        if scope["type"] == "http":
            self.store.touch()
