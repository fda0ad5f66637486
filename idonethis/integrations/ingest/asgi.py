"""The hot path: a bare ASGI application in front of everything else. A hook is verified, stored
durably together with all that arrive in the same moment, and answered; Django is not involved."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from idonethis.integrations import registry
from idonethis.integrations.base import Expands, Receives, Replies
from idonethis.integrations.ingest.bodies import Gone, Receive, TooLarge, body_of
from idonethis.integrations.ingest.intake import (
    Doubtful,
    Handshake,
    Nudge,
    Row,
    answer_to_a_try,
    count,
    examine,
    refuse,
    settle,
)
from idonethis.integrations.ingest.routes import Route, Routes
from idonethis.integrations.ingest.saying import head
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models import directory_for, expanding
from idonethis.integrations.values import Hook, Reason, Response
from idonethis.metrics import HOOK_SECONDS

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

#: The longest a person's reply may take to write; partners give three seconds in all.
REPLY_PATIENCE = 2.0

LATER = Response(503, b"Not stored. Send it again.", headers=(("retry-after", "5"),))
SLOW = Response(408, b"The body did not arrive in time. Nothing was stored.")
FAULT = Response(500, b"Our own fault. Nothing was stored.")
ENCODED = Response(415, b"Send the body without Content-Encoding. Nothing was stored.")


Examined = Response | Doubtful | Handshake | Nudge | list[Row]


class Asked(NamedTuple):
    """A hook and who waits for its answer."""

    hook: Hook
    integration: Receives
    token: str
    answer: Callable[[Response], None]


class Ingest:
    """Takes ``/integrations/<type>/hook[/<token>]`` and leaves everything else to ``elsewhere``."""

    def __init__(self, elsewhere: App, writer: GroupCommit) -> None:
        self.elsewhere = elsewhere
        self.writer = writer
        self.routes = Routes()
        self.threads = ThreadPoolExecutor(4, thread_name_prefix="ingest-lookup")
        self._looked_for: dict[tuple[str, str, int], asyncio.Future[Route | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (aimed := aim(scope["path"])):
            await self._receive(*aimed, scope, receive, send)
        else:
            await self.elsewhere(scope, receive, send)

    async def _receive(
        self, integration: Receives, token: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        began = time.perf_counter()
        try:
            response = await self._response(integration, token, scope, receive)
        except Gone:
            return
        except DatabaseError:
            count(integration, "later")
            response = LATER
        except TimeoutError:
            count(integration, "slow")
            response = SLOW
        await _say(response, send)
        HOOK_SECONDS.observe(time.perf_counter() - began)

    async def _response(
        self, integration: Receives, token: str, scope: Scope, receive: Receive
    ) -> Response:
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        if headers.get("content-encoding", "identity") != "identity":
            refuse(integration, Reason.UNREADABLE, await self._route(integration, token))
            return ENCODED
        try:
            body = await body_of(headers, receive, most=integration.largest_body)
        except TooLarge:
            return refuse(integration, Reason.TOO_LARGE, await self._route(integration, token))
        query = scope["query_string"].decode("latin-1")
        url = settings.BASE_URL + scope["path"] + (query and f"?{query}")
        hook = Hook(body, headers, scope["method"], query, datetime.now(UTC), url)
        if hook.method != "POST":
            return answer_to_a_try(integration, hook)
        answered: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self.take(Asked(hook, integration, token, partial(_settle, answered)))
        return await answered

    def take(self, asked: Asked) -> None:
        """Answers when the hook is stored, or refused. Never raises."""
        route = self.routes.remembered(asked.integration, asked.token)
        if route is None:
            self._look_up(asked)
            return
        found = _examined(asked, route)
        if isinstance(found, Doubtful) and self.routes.is_old(asked.integration, asked.token):
            self._look_up(asked)
        else:
            self._act(asked, found)

    def _look_up(self, asked: Asked) -> None:
        found = self._found(asked.integration, asked.token)
        found.add_done_callback(partial(self._examine_found, asked))

    async def _route(self, integration: Receives, token: str) -> Route | None:
        """For what is refused before it is examined: whose it would have been."""
        known = self.routes.remembered(integration, token)
        return known or await asyncio.shield(self._found(integration, token))

    def _found(self, integration: Receives, token: str) -> asyncio.Future[Route | None]:
        """All who ask in the same moment share one question to the database; not with those who
        asked before the last change."""
        key = (integration.integration_type, token, self.routes.changes)
        if key not in self._looked_for:
            question = self._in_thread(self.routes.find, integration, token)
            self._looked_for[key] = asyncio.ensure_future(question)
            self._looked_for[key].add_done_callback(lambda _: self._looked_for.pop(key))
        return self._looked_for[key]

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self.threads, _with_fresh_connections, function, arguments
        )

    def _examine_found(self, asked: Asked, found: asyncio.Future[Route | None]) -> None:
        if found.cancelled() or found.exception():
            _put_off(asked)
        else:
            self._act(asked, _examined(asked, found.result()))

    def _act(self, asked: Asked, found: Examined) -> None:
        if isinstance(found, Doubtful):
            asked.answer(found.conclude())
        elif isinstance(found, Response):
            asked.answer(found)
        elif isinstance(found, Handshake | Nudge):
            settled = self._in_thread(settle, asked.integration, asked.hook, found)
            asyncio.ensure_future(settled).add_done_callback(partial(_settled, asked))
        else:
            self.writer.put(found, partial(self._stored, asked, found[0].link_id))

    def _stored(self, asked: Asked, link_id: int, problem: Exception | None) -> None:
        if problem:
            return _put_off(asked)
        count(asked.integration, "stored")
        if isinstance(asked.integration, Expands):
            expanding.wake(asked.integration)
        if isinstance(asked.integration, Replies):
            replied = asyncio.ensure_future(self._reply(asked.integration, asked.hook, link_id))
            replied.add_done_callback(lambda reply: asked.answer(reply.result()))
        else:
            asked.answer(asked.integration.accepted(asked.hook))

    async def _reply(self, integration: Replies, hook: Hook, link_id: int) -> Response:
        try:
            reply = self._in_thread(_replied, integration, hook, link_id)
            replied: Response = await asyncio.wait_for(reply, REPLY_PATIENCE)
            return replied
        except Exception:
            log.exception("No reply, but the hook is stored")
            return integration.accepted(hook)


def _examined(asked: Asked, route: Route | None) -> Examined:
    """A fault of an integration is answered, too: the loop would only write it down."""
    try:
        return examine(asked.integration, asked.hook, route)
    except Exception:
        log.exception("%s failed over a hook", asked.integration.name)
        count(asked.integration, "fault")
        return FAULT


def _settled(asked: Asked, kept: asyncio.Future[Response]) -> None:
    if kept.cancelled() or kept.exception():
        _put_off(asked)
    else:
        asked.answer(kept.result())


def _replied(integration: Replies, hook: Hook, link_id: int) -> Response:
    return integration.reply(hook, directory_for(integration, hook, link_id))


def _put_off(asked: Asked) -> None:
    count(asked.integration, "later")
    asked.answer(LATER)


def _settle(answered: asyncio.Future[Response], response: Response) -> None:
    """Unless the sender has hung up meanwhile."""
    if not answered.done():
        answered.set_result(response)


def aim(path: str) -> tuple[Receives, str] | None:
    parts = path.split("/")
    if len(parts) not in (4, 5) or parts[1] != "integrations" or parts[3] != "hook":
        return None
    integration = registry.get(parts[2])
    token = parts[4] if len(parts) == 5 else ""
    return (integration, token) if isinstance(integration, Receives) else None


def _with_fresh_connections(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    close_old_connections()
    try:
        return function(*arguments)
    finally:
        close_old_connections()


async def _say(response: Response, send: Send) -> None:
    start = {"type": "http.response.start", "status": response.status, "headers": head(response)}
    await send(start)
    await send({"type": "http.response.body", "body": response.body})
