"""The door of the server. Nearly every hook is one POST whose length is said beforehand: such a one
is read here, on the connection itself, at a third of what it costs as a request of ASGI. Everything
else is uvicorn's, byte for byte as it came."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Protocol, cast

import httptools
from django.conf import settings
from uvicorn.server import ServerState

from idonethis.integrations.base import Receives
from idonethis.integrations.ingest.asgi import SLOW, Asked, Ingest, aim
from idonethis.integrations.ingest.bodies import BODY_PATIENCE
from idonethis.integrations.ingest.saying import as_bytes
from idonethis.integrations.values import Hook, Response
from idonethis.metrics import HOOK_SECONDS

#: Seconds after which a connection is closed on which nothing happens.
IDLE = 5.0
#: Answers that may be due on one connection before more is read from it.
MOST_DUE = 32
#: A request with one of these wants more than to be taken.
UNUSUAL = frozenset(("transfer-encoding", "content-encoding", "expect", "upgrade"))


class Answering(Protocol):
    """What uvicorn makes for each connection."""

    def connection_made(self, transport: asyncio.Transport) -> None: ...
    def data_received(self, data: bytes) -> None: ...


class Request:
    """One POST of a hook, from its first byte to its answer."""

    __slots__ = ("answer", "body", "headers", "is_last", "since", "url")

    def __init__(self, since: float) -> None:
        self.since = since
        self.url = b""
        self.headers: dict[str, str] = {}
        self.body: list[bytes] = []
        self.is_last = False
        self.answer: Response | None = None

    def aim(self) -> tuple[Receives, str] | None:
        """For which integration and address it is; None, if it is not of the usual kind."""
        aimed = aim(self.url.partition(b"?")[0].decode("latin-1"))
        if aimed is None or not UNUSUAL.isdisjoint(self.headers):
            return None
        length = self.headers.get("content-length", "")
        return aimed if length.isdecimal() and int(length) <= aimed[0].largest_body else None

    def hook(self) -> Hook:
        body = self.body[0] if len(self.body) == 1 else b"".join(self.body)
        target = self.url.decode("latin-1")
        query, url = target.partition("?")[2], settings.BASE_URL + target
        return Hook(body, self.headers, "POST", query, datetime.now(UTC), url)


class Door(asyncio.Protocol):
    """One connection. ``elsewhere`` makes what answers it once something else than a hook comes."""

    def __init__(
        self, ingest: Ingest, elsewhere: Callable[[], Answering], *, state: ServerState
    ) -> None:
        self._ingest = ingest
        self._elsewhere = elsewhere
        self._state = state
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._due: deque[Request] = deque()
        self._request: Request | None = None
        self._aimed: tuple[Receives, str] | None = None
        #: What has come since the last whole request.
        self._unread: list[bytes] = []
        self._is_strange = False
        #: Whether a request has ended in what is being read, and so another may begin in its midst.
        self._has_ended = self._is_torn = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._state.connections.add(self)  # type: ignore[arg-type]
        self._heard = self._loop.time()
        self._timer = self._loop.call_later(IDLE, self._look)

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        self._unread.append(data)
        self._has_ended = False
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._is_strange = True
        if self._is_strange:
            self._hand_over()
        elif len(self._due) > MOST_DUE:
            self._transport.pause_reading()

    def on_message_begin(self) -> None:
        self._request = Request(self._heard)
        self._is_torn = self._has_ended

    def on_url(self, url: bytes) -> None:
        if self._request:
            self._request.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._request:
            self._request.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        request, parser = self._request, self._parser
        if request is None or self._is_strange:
            return
        usual = parser.get_method() == b"POST" and parser.get_http_version() == "1.1"
        self._aimed = request.aim() if usual else None
        self._is_strange = self._aimed is None
        request.is_last = not parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        if self._request and not self._is_strange:
            self._request.body.append(body)

    def on_message_complete(self) -> None:
        request, aimed = self._request, self._aimed
        if request is None or aimed is None or self._is_strange:
            return
        self._request = self._aimed = None
        self._has_ended = True
        self._unread.clear()
        self._due.append(request)
        self._ingest.take(Asked(request.hook(), *aimed, partial(self._answer, request)))

    def _answer(self, request: Request, response: Response) -> None:
        """In the order of the requests, whatever order their answers come in."""
        request.answer = response
        HOOK_SECONDS.observe(self._loop.time() - request.since)
        while self._due and (answer := self._due[0].answer):
            self._say(answer, is_last=self._due.popleft().is_last)
        if not self._due and not self._transport.is_closing():
            self._transport.resume_reading()

    def _say(self, response: Response, *, is_last: bool) -> None:
        if not self._transport.is_closing():
            headers = tuple(self._state.default_headers)
            self._transport.write(as_bytes(response, headers, is_last=is_last))
            if is_last:
                self._transport.close()

    def _hand_over(self) -> None:
        self._timer.cancel()
        if self._due or self._is_torn:
            return self._end()
        other = self._elsewhere()
        self._state.connections.discard(self)
        other.connection_made(self._transport)
        self._transport.set_protocol(other)  # type: ignore[arg-type]
        other.data_received(b"".join(self._unread))

    def _end(self) -> None:
        """With the answers that are due. Who has sent more by then sends it again on another
        connection: https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2"""
        if self._due:
            self._due[-1].is_last = True
            self._transport.pause_reading()
        else:
            self._transport.close()

    def _look(self) -> None:
        """Lets nobody hold a connection who does not use it, or does not finish."""
        now, request = self._loop.time(), self._request
        if request and now - request.since > BODY_PATIENCE:
            self._say(SLOW, is_last=True)
        elif not request and not self._due and now - self._heard >= IDLE:
            self._transport.close()
        else:
            self._timer = self._loop.call_later(IDLE, self._look)

    def shutdown(self) -> None:
        """uvicorn stops: what was taken is answered first."""
        self._end()

    def connection_lost(self, problem: Exception | None) -> None:
        self._timer.cancel()
        self._state.connections.discard(self)
