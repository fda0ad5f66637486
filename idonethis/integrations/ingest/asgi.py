"""The hot path: a bare ASGI application in front of everything else. A hook is verified, stored
durably together with all that arrive in the same moment, and answered; Django is not involved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, close_old_connections

from idonethis.integrations import registry
from idonethis.integrations.base import Receives, Replies
from idonethis.integrations.ingest.intake import examine, says_nothing
from idonethis.integrations.ingest.routes import Route, Routes
from idonethis.integrations.ingest.writer import Full, GroupCommit
from idonethis.integrations.models import Rows
from idonethis.integrations.values import Hook, Reason, Response
from idonethis.rim import completed

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

#: The longest a body may take to arrive, in seconds.
BODY_PATIENCE = 30
#: The longest a person's reply may take to write; partners give three seconds in all.
REPLY_PATIENCE = 2.0
#: A body this much over the limit is not even read to its end.
MOST_DRAINED = 64 * 1024 * 1024

LATER = Response(503, b"Not stored. Send it again.", headers=(("retry-after", "5"),))
SLOW = Response(408, b"The body did not arrive in time. Nothing was stored.")
ENCODED = Response(415, b"Send the body without Content-Encoding. Nothing was stored.")


class TooLarge(Exception):
    pass


class Gone(Exception):
    """The sender hung up."""


class Ingest:
    """Takes ``/integrations/<type>/hook[/<token>]`` and leaves everything else to ``elsewhere``."""

    def __init__(self, elsewhere: App, writer: GroupCommit) -> None:
        self.elsewhere = elsewhere
        self.writer = writer
        self.routes = Routes()
        self.threads = ThreadPoolExecutor(4, thread_name_prefix="ingest-lookup")
        self._asked: dict[tuple[str, str, int], asyncio.Future[Route | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (aim := _aim(scope["path"])):
            await self._take(*aim, scope, receive, send)
        else:
            await self.elsewhere(scope, receive, send)

    async def _take(
        self, integration: Receives, token: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            response = await self._answer(integration, token, scope, receive)
        except Gone:
            return
        except (Full, DatabaseError):
            response = LATER
        except TimeoutError:
            response = SLOW
        except TooLarge:
            response = integration.refused(Reason.TOO_LARGE)
        await _say(response, send)

    async def _answer(
        self, integration: Receives, token: str, scope: Scope, receive: Receive
    ) -> Response:
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        if headers.get("content-encoding", "identity") != "identity":
            return ENCODED
        body = await _body(headers, receive, most=integration.largest_body)
        now = datetime.now(UTC)
        query = scope["query_string"].decode("latin-1")
        hook = Hook(body, headers, scope["method"], query, now)
        if hook.method != "POST":
            return _answer_to_a_try(integration, hook)
        return await self._store(integration, hook, await self._route(integration, token))

    async def _route(self, integration: Receives, token: str) -> Route | None:
        known = self.routes.remembered(integration, token)
        return known or await asyncio.shield(self._found(integration, token))

    def _found(self, integration: Receives, token: str) -> asyncio.Future[Route | None]:
        """All who ask in the same moment share one question to the database; not with those who
        asked before the last change."""
        key = (integration.integration_type, token, self.routes.changes)
        if key not in self._asked:
            question = self._in_thread(self.routes.find, integration, token)
            self._asked[key] = asyncio.ensure_future(question)
            self._asked[key].add_done_callback(lambda _: self._asked.pop(key))
        return self._asked[key]

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self.threads, _with_fresh_connections, function, arguments
        )

    async def _store(self, integration: Receives, hook: Hook, route: Route | None) -> Response:
        rows = examine(integration, hook, route)
        if isinstance(rows, Response):
            return rows
        await self.writer.stored(rows)
        if not isinstance(integration, Replies):
            return integration.accepted(hook)
        try:
            directory = Rows(integration.integration_type)
            reply = self._in_thread(integration.reply, hook, directory)
            replied: Response = await asyncio.wait_for(reply, REPLY_PATIENCE)
            return replied
        except Exception:
            log.exception("No reply, but the hook is stored")
            return integration.accepted(hook)


def _aim(path: str) -> tuple[Receives, str] | None:
    parts = path.split("/")
    if len(parts) not in (4, 5) or parts[1] != "integrations" or parts[3] != "hook":
        return None
    integration = registry.get(parts[2])
    token = parts[4] if len(parts) == 5 else ""
    return (integration, token) if isinstance(integration, Receives) else None


def _answer_to_a_try(integration: Receives, hook: Hook) -> Response:
    """The same at an address that nobody has: who guesses learns nothing."""
    if hook.method == "HEAD":
        return Response()
    return integration.challenge(hook) or says_nothing(integration)


async def _body(headers: dict[str, str], receive: Receive, *, most: int) -> bytes:
    announced = headers.get("content-length", "0")
    if int(announced if announced.isdecimal() else 0) > MOST_DRAINED:
        raise TooLarge
    task = asyncio.current_task()
    assert task  # noqa: S101
    # A bare timer: asyncio.timeout costs as much as checking the signature.
    timer = asyncio.get_running_loop().call_later(BODY_PATIENCE, task.cancel)
    try:
        body = await _read(receive, most=most)
    except asyncio.CancelledError as problem:
        raise TimeoutError from problem
    finally:
        timer.cancel()
    if len(body) > most:
        raise TooLarge
    return body


async def _read(receive: Receive, *, most: int) -> bytes:
    """What is over the limit is read but not kept: a sender still writing would not hear us."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk, more = message.get("body", b""), message.get("more_body", False)
        if size <= most:
            chunks.append(chunk)
        size += len(chunk)
        if size > MOST_DRAINED:
            raise TooLarge
    return b"".join(chunks)


def _with_fresh_connections(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    close_old_connections()
    try:
        return function(*arguments)
    finally:
        close_old_connections()


async def _say(response: Response, send: Send) -> None:
    headers = _head(response)
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


@lru_cache(maxsize=64)
def _head(response: Response) -> tuple[tuple[bytes, bytes], ...]:
    """Nearly every hook is answered with one of a few answers."""
    own = (
        (b"content-type", response.content_type.encode()),
        (b"content-length", str(len(response.body)).encode()),
        *((name.encode(), value.encode()) for name, value in response.headers),
    )
    return tuple(completed(own))
