"""Pretend Slack as an application."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from ..base import Simulator
from ..clients import LOOPBACK, Client
from ..control import Action, Reading
from ..faults import Fault
from ..store import Record
from .api.methods import routes
from .buttons import Buttons
from .demo import seed
from .errors import SlackError, rate_limited
from .events import Events
from .home import home
from .installation import Installation
from .messages import Messages
from .oauth import dialect
from .requests import Requests
from .responses import Responses
from .triggers import Triggers
from .workspace import Workspace
from .world import World


class Slack(Simulator):
    """Slack's OAuth, Web API, events and interactivity for one workspace; the API lies under /api.

    The settings say where the application listens and with which secret requests to it are signed.
    ``delay_scale`` shortens the waits between retries of events.
    """

    name: ClassVar[str] = "slack"
    title: ClassVar[str] = "Slack"
    api_prefix: ClassVar[str] = "/api"
    options: ClassVar[Mapping[str, str]] = {
        "signing_secret": "signs what is sent to the application",
        "events_url": "where events go",
        "slash_url": "where slash commands go",
        "interactivity_url": "where buttons and shortcuts go",
        "subscriptions": "events the application subscribes to, separated by commas",
        "burst": "messages that a channel takes at once, before it takes one a second",
    }

    def __init__(
        self,
        client_id: str = "pretend-slack-client",
        client_secret: str = "pretend-slack-secret",  # noqa: S107
        *,
        redirect_uris: tuple[str, ...] = LOOPBACK,
        state_path: Path | None = None,
        journal_path: Path | None = None,
        token_lifetime: int | None = None,
        timeout: float = 3,
        delay_scale: float = 1,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            Client(client_id, client_secret, redirect_uris),
            dialect(token_lifetime),
            timeout=timeout,
            state_path=state_path,
            journal_path=journal_path,
            settings=settings or {},
        )
        self.world = self._world(delay_scale)
        self.workspace = self.world.workspace
        self.messages = self.world.messages
        self.installation = self.world.installation
        self.buttons = Buttons(self.world, self.grants)

    def _world(self, delay_scale: float) -> World:
        workspace = Workspace(self.store)
        messages = Messages(workspace)
        requests = Requests(self.store, self.sender)
        events = Events(workspace, requests, later=self.later, delay_scale=delay_scale)
        return World(
            client=self.client,
            workspace=workspace,
            messages=messages,
            requests=requests,
            events=events,
            installation=Installation(workspace, self.grants, events=events),
            responses=Responses(workspace, messages),
            triggers=Triggers(workspace),
            later=self.later,
        )

    def seed(self) -> Record:
        return seed()

    def issue(self, grant: Record) -> Record:
        return self.installation.install(grant)

    def routes(self) -> list[BaseRoute]:
        return [*routes(self.world), *self.world.responses.routes()]

    def actions(self) -> dict[str, Action]:
        return self.buttons.actions()

    def readings(self) -> dict[str, Reading]:
        return self.buttons.readings()

    def home(self, request: Request) -> Record:
        return home(self.world)

    def speak(self, fault: Fault, path: str) -> Response:
        if fault.kind == "429":
            return rate_limited(fault.retry_after)
        if fault.kind == "500":
            return JSONResponse({"ok": False, "error": "internal_error"}, 500)
        errors = {"expired": "token_expired", "revoked": "token_revoked"}
        return SlackError(errors.get(fault.kind, fault.kind)).response()
