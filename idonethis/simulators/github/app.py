"""Pretend GitHub as an application."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..base import Simulator
from ..clients import LOOPBACK, Client
from ..control import Action, Reading
from ..faults import Fault
from ..store import Record
from .activity.table import actions
from .api.routes import routes
from .deliveries import Deliveries
from .demo import seed
from .errors import ApiError, bad_credentials
from .home import home, hooks_with_deliveries, thing
from .hooks import Hooks
from .oauth import dialect
from .payloads.web import API
from .ratelimit import RateLimit
from .repositories import Repositories
from .world import World


class GitHub(Simulator):
    """GitHub's OAuth, REST API and hooks at one address; the API lies under /api/v3.

    timeout is how many seconds a hook may take to answer. With token_lifetime (seconds) tokens
    expire and come with a refresh token, as those of GitHub Apps do.
    """

    name: ClassVar[str] = "github"
    title: ClassVar[str] = "GitHub"
    api_prefix: ClassVar[str] = API

    def __init__(
        self,
        client_id: str = "pretend-github-client",
        client_secret: str = "pretend-github-secret",  # noqa: S107
        *,
        redirect_uris: tuple[str, ...] = LOOPBACK,
        state_path: Path | None = None,
        journal_path: Path | None = None,
        token_lifetime: int | None = None,
        timeout: float = 10,
        rate_limit: int = 5_000,
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
        self.world = self._world(RateLimit(self.store, rate_limit))

    def _world(self, rate: RateLimit) -> World:
        hooks = Hooks(self.store)
        return World(
            store=self.store,
            client=self.client,
            grants=self.grants,
            repositories=Repositories(self.store),
            hooks=hooks,
            deliveries=Deliveries(self.store, hooks, self.sender),
            rate=rate,
            later=self.later,
        )

    def seed(self) -> Record:
        return seed()

    def routes(self) -> list[BaseRoute]:
        page = Route("/{owner}/{repo}/{rest:path}", self.thing, methods=["GET"])
        front = Route("/{owner}/{repo}", self.thing, methods=["GET"])
        return [*routes(self.world), front, page]

    def actions(self) -> dict[str, Action]:
        return actions(self.world)

    def readings(self) -> dict[str, Reading]:
        return {"hooks": lambda _: {"hooks": hooks_with_deliveries(self.world)}}

    def home(self, request: Request) -> Record:
        return home(self.world)

    async def thing(self, request: Request) -> Response:
        return thing(self.world, request.path_params)

    def speak(self, fault: Fault, path: str) -> Response:
        answers = {
            "500": ApiError(500, "Server Error"),
            "expired": bad_credentials(),
            "revoked": bad_credentials(),
        }
        return answers.get(fault.kind, secondary_limit(fault.retry_after)).response()


def secondary_limit(seconds: int) -> ApiError:
    """Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"""
    text = (
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    )
    return ApiError(429, text, headers={"Retry-After": str(seconds)})
