"""The hot path: a bare ASGI application in front of everything else. A hook is verified, stored
durably together with all that arrive in the same moment, and answered; Django is not involved."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from idonethis.integrations.base import Receives
from idonethis.integrations.ingest.bodies import Arriving, Full, Gone, Receive, TooLarge, body_of
from idonethis.integrations.ingest.bounds import ENCODED, LATER, SLOW
from idonethis.integrations.ingest.intake import answer_to_a_try, count, refuse
from idonethis.integrations.ingest.request import aim
from idonethis.integrations.ingest.saying import say
from idonethis.integrations.ingest.taking import Asked, Taking
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.values import Hook, Reason, Response
from idonethis.metrics import HOOK_SECONDS

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]


class Ingest:
    """Takes ``/integrations/<type>/hook[/<token>]`` and leaves everything else to ``elsewhere``."""

    def __init__(self, elsewhere: App, writer: GroupCommit) -> None:
        self.elsewhere = elsewhere
        self.taking = Taking(writer)
        self.arriving = Arriving()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (aimed := aim(scope["path"])):
            await self._receive(*aimed, scope, receive, send)
        else:
            await self.elsewhere(scope, receive, send)

    async def _receive(
        self, integration: Receives, token: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        began = time.perf_counter()
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            response = await self._answer(integration, token, headers, scope, receive)
        except Gone:
            return
        # Who waits to be told to go on may begin with something else after a refusal.
        is_last = response is SLOW or ("expect" in headers and response.status >= 400)
        await say(response, send, is_last=is_last)
        HOOK_SECONDS.observe(time.perf_counter() - began)

    async def _answer(
        self,
        integration: Receives,
        token: str,
        headers: Mapping[str, str],
        scope: Scope,
        receive: Receive,
    ) -> Response:
        try:
            return await self._response(integration, token, headers, scope, receive)
        except (DatabaseError, Full):
            count(integration, "later")
            return LATER
        except TimeoutError:
            count(integration, "slow")
            return SLOW

    async def _response(
        self,
        integration: Receives,
        token: str,
        headers: Mapping[str, str],
        scope: Scope,
        receive: Receive,
    ) -> Response:
        if headers.get("content-encoding", "identity") != "identity":
            refuse(integration, Reason.UNREADABLE, await self.taking.route(integration, token))
            return ENCODED
        most = integration.largest_body
        try:
            body = await body_of(headers, receive, most=most, arriving=self.arriving)
        except TooLarge:
            route = await self.taking.route(integration, token)
            return refuse(integration, Reason.TOO_LARGE, route)
        hook = _hook(scope, headers, body)
        if hook.method != "POST":
            return answer_to_a_try(integration, hook)
        answered: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        size = len(body) + sum(len(name) + len(value) for name, value in headers.items())
        self.taking.take(Asked(hook, integration, token, partial(_settle, answered), size))
        return await answered


def _hook(scope: Scope, headers: Mapping[str, str], body: bytes) -> Hook:
    query = scope["query_string"].decode("latin-1")
    path = scope.get("raw_path") or scope["path"].encode()
    url = settings.BASE_URL + path.decode("latin-1") + (query and f"?{query}")
    return Hook(body, headers, scope["method"], query, datetime.now(UTC), url)


def _settle(answered: asyncio.Future[Response], response: Response) -> None:
    """Unless the sender has hung up meanwhile."""
    if not answered.done():
        answered.set_result(response)
