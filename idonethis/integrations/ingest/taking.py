"""From a whole hook to its answer: whose it is, whether it is genuine, and stored. Whatever happens
on the way, whoever asked is answered in time, exactly once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import takewhile
from typing import Any, NamedTuple

from django.db import close_old_connections

from idonethis.integrations.base import Expands, Receives, Replies
from idonethis.integrations.ingest import bounds
from idonethis.integrations.ingest.bounds import FAULT, LATER
from idonethis.integrations.ingest.intake import (
    Doubtful,
    Handshake,
    Nudge,
    Row,
    count,
    examine,
    settle,
)
from idonethis.integrations.ingest.routes import Route, Routes
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models import directory_for, expanding
from idonethis.integrations.values import Hook, Response

log = logging.getLogger(__name__)

#: The longest a person's reply may take to write; partners give three seconds in all.
REPLY_PATIENCE = 2.0
#: How often it is looked whether somebody waits too long, in seconds.
LOOK = 1.0


Examined = Response | Doubtful | Handshake | Nudge | list[Row]


class Asked(NamedTuple):
    """A hook and who waits for its answer. ``size``: what it takes of the memory, in bytes."""

    hook: Hook
    integration: Receives
    token: str
    answer: Callable[[Response], None]
    size: int


class Taking:
    def __init__(self, writer: GroupCommit) -> None:
        self.writer = writer
        self.routes = Routes()
        self.threads = ThreadPoolExecutor(4, thread_name_prefix="ingest-lookup")
        #: For addresses that nobody has used yet: who guesses many waits among those who guess.
        self.guesses = ThreadPoolExecutor(2, thread_name_prefix="ingest-guesses")
        self._looked_for: dict[tuple[str, str, int], asyncio.Future[Route | None]] = {}
        self._held = 0
        #: Who is not answered yet, and until when they are: the oldest first.
        self._asked: dict[int, tuple[float, Asked]] = {}
        self._is_looking = False

    def take(self, asked: Asked) -> None:
        """Answers when the hook is stored, or refused, or has waited too long. Never raises."""
        if self._held + asked.size > bounds.MOST_HELD:
            count(asked.integration, "later")
            return asked.answer(LATER)
        self._hold(asked)
        route = self.routes.remembered(asked.integration, asked.token)
        found = _examined(asked, route) if route else None
        in_doubt = isinstance(found, Doubtful)
        if found is None or (in_doubt and self.routes.is_old(asked.integration, asked.token)):
            looked_up = self._found(asked.integration, asked.token)
            looked_up.add_done_callback(partial(self._examine_found, asked))
        else:
            self._act(asked, found)

    def _hold(self, asked: Asked) -> None:
        loop = asyncio.get_running_loop()
        self._held += asked.size
        self._asked[id(asked)] = (loop.time() + bounds.ANSWERED, asked)
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(LOOK, self._look)

    def _look(self) -> None:
        """Who has waited too long hears to come again. Their hooks may still be stored, and weigh
        until that is known; a delivery that comes again is the same."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = list(takewhile(lambda waiting: waiting[0] <= now, self._asked.values()))
        for _, asked in late:
            del self._asked[id(asked)]
            count(asked.integration, "later")
            asked.answer(LATER)
        self._is_looking = bool(self._asked)
        if self._is_looking:
            loop.call_later(LOOK, self._look)

    def _answer(self, asked: Asked, response: Response) -> None:
        self._held -= asked.size
        if self._asked.pop(id(asked), None):
            asked.answer(response)

    def _put_off(self, asked: Asked) -> None:
        count(asked.integration, "later")
        self._answer(asked, LATER)

    async def route(self, integration: Receives, token: str) -> Route | None:
        """For what is refused before it is examined: whose it would have been. None, too, where it
        takes too long to say."""
        known = self.routes.remembered(integration, token)
        if known:
            return known
        found = asyncio.shield(self._found(integration, token))
        with suppress(TimeoutError):
            return await asyncio.wait_for(found, bounds.ANSWERED)
        return None

    def _found(self, integration: Receives, token: str) -> asyncio.Future[Route | None]:
        """All who ask in the same moment share one question to the database; not with those who
        asked before the last change."""
        key = (integration.integration_type, token, self.routes.changes)
        if key not in self._looked_for:
            threads = self.threads if self.routes.knew(integration, token) else self.guesses
            question = _in_thread(threads, self.routes.find, integration, token)
            self._looked_for[key] = asyncio.ensure_future(question)
            self._looked_for[key].add_done_callback(lambda _: self._looked_for.pop(key))
        return self._looked_for[key]

    def _examine_found(self, asked: Asked, found: asyncio.Future[Route | None]) -> None:
        if found.cancelled() or found.exception():
            self._put_off(asked)
        else:
            self._act(asked, _examined(asked, found.result()))

    def _act(self, asked: Asked, found: Examined) -> None:
        if isinstance(found, Doubtful):
            self._act(asked, _safely(asked, found.conclude))
        elif isinstance(found, Response):
            self._answer(asked, found)
        elif isinstance(found, Handshake | Nudge):
            settled = _in_thread(self.threads, settle, asked.integration, asked.hook, found)
            asyncio.ensure_future(settled).add_done_callback(partial(self._settled, asked))
        else:
            self.writer.put(found, partial(self._stored, asked, found[0].link_id))

    def _settled(self, asked: Asked, kept: asyncio.Future[Response]) -> None:
        if kept.cancelled() or kept.exception():
            self._put_off(asked)
        else:
            self._answer(asked, kept.result())

    def _stored(self, asked: Asked, link_id: int, problem: Exception | None) -> None:
        if problem:
            return self._put_off(asked)
        count(asked.integration, "stored")
        if isinstance(asked.integration, Expands):
            expanding.wake(asked.integration)
        if isinstance(asked.integration, Replies):
            replied = asyncio.ensure_future(self._reply(asked, asked.integration, link_id))
            replied.add_done_callback(lambda reply: self._answer(asked, reply.result()))
        else:
            self._answer(asked, _accepted(asked))

    async def _reply(self, asked: Asked, integration: Replies, link_id: int) -> Response:
        try:
            reply = _in_thread(self.threads, _replied, integration, asked.hook, link_id)
            replied: Response = await asyncio.wait_for(reply, REPLY_PATIENCE)
            return replied
        except Exception:
            log.exception("No reply, but the hook is stored")
            return _accepted(asked)


def _examined(asked: Asked, route: Route | None) -> Examined:
    return _safely(asked, partial(examine, asked.integration, asked.hook, route))


def _safely(asked: Asked, examined: Callable[[], Examined]) -> Examined:
    """A fault of an integration is answered, too: the loop would only write it down."""
    try:
        return examined()
    except Exception:
        log.exception("%s failed over a hook", asked.integration.name)
        count(asked.integration, "fault")
        return FAULT


def _accepted(asked: Asked) -> Response:
    """It is stored, whatever the integration makes of that."""
    try:
        return asked.integration.accepted(asked.hook)
    except Exception:
        log.exception("%s failed to say that it took a hook", asked.integration.name)
        return Response()


def _replied(integration: Replies, hook: Hook, link_id: int) -> Response:
    return integration.reply(hook, directory_for(integration, hook, link_id))


async def _in_thread(
    threads: ThreadPoolExecutor, function: Callable[..., Any], *arguments: Any
) -> Any:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(threads, _with_fresh_connections, function, arguments)


def _with_fresh_connections(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    close_old_connections()
    try:
        return function(*arguments)
    finally:
        close_old_connections()
