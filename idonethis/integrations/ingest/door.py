"""The door of the server. Nearly every hook is one POST whose length is said beforehand: such a one
is read here, on the connection itself, at a third of what it costs as a request of ASGI. Everything
else is answered in the room behind it, byte for byte as it came."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol, cast

import httptools
from uvicorn.server import ServerState

from idonethis.integrations.base import Receives
from idonethis.integrations.ingest import bounds
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.bodies import Full
from idonethis.integrations.ingest.bounds import CROWDED, LATER, SLOW
from idonethis.integrations.ingest.crowd import Crowd
from idonethis.integrations.ingest.intake import count
from idonethis.integrations.ingest.request import Request
from idonethis.integrations.ingest.saying import as_bytes
from idonethis.integrations.ingest.taking import Asked
from idonethis.integrations.values import Response
from idonethis.metrics import HOOK_SECONDS

#: Answers that may be due on one connection before more is read from it.
MOST_DUE = 32
#: How often it is looked whether a sender takes too long, in seconds.
LOOK = 2.5
#: What a head ends with; the parser takes no other end of a line.
END = b"\r\n\r\n"


class Answering(Protocol):
    """What answers all that is no usual hook."""

    def connection_made(self, transport: asyncio.Transport) -> None: ...
    def data_received(self, data: bytes) -> None: ...
    def shutdown(self) -> None: ...


class Door(asyncio.Protocol):
    """One connection. ``elsewhere`` makes what answers it once something else than a hook comes. The
    parser is given a head or a piece of one body at a time: so it is known where each begins."""

    def __init__(
        self,
        ingest: Ingest,
        elsewhere: Callable[[], Answering],
        *,
        state: ServerState,
        crowd: Crowd,
    ) -> None:
        self._ingest = ingest
        self._elsewhere = elsewhere
        self._state = state
        self._crowd = crowd
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        #: What has come and is not read yet, and the head that is being read.
        self._unread = b""
        self._head = bytearray()
        self._request: Request | None = None
        self._aimed: tuple[Receives, str] | None = None
        #: Of the body that is being read: how much is to come, and how much has come before its end.
        self._body_due = self._arriving = 0
        self._due: deque[Request] = deque()
        #: Whether what comes next is no hook; nobody reads our answers; nothing more is answered.
        self._is_strange = self._is_full = self._is_over = False
        self._is_reading = self._is_stopping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._since = self._loop.time()
        self._timer = self._loop.call_later(LOOK, self._look)
        if self._crowd.admits(transport):
            self._state.connections.add(self)  # type: ignore[arg-type]
        else:
            self._say(CROWDED, is_last=True)
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        if not self._is_over:
            self._unread = self._unread + data if self._unread else data
            self._read()

    def _read(self) -> None:
        """As far as may be. Some are answered while they are read."""
        if self._is_reading:
            return
        self._is_reading = True
        while self._unread and self._may_read:
            end = self._next()
            piece, self._unread = self._unread[:end], self._unread[end:]
            (self._read_body if self._body_due else self._read_head)(piece)
            if self._aimed and not self._body_due:
                self._take(self._aimed)
        self._is_reading = False
        self._go_on()

    @property
    def _may_read(self) -> bool:
        is_held = self._is_strange or self._is_full or self._is_over
        return not is_held and len(self._due) <= MOST_DUE

    def _next(self) -> int:
        """Where the head or the body ends, or what has come of it."""
        if self._body_due:
            return self._body_due
        seam = bytes(self._head[-3:])
        end = (seam + self._unread).find(END) if seam else self._unread.find(END)
        return len(self._unread) if end < 0 else end + len(END) - len(seam)

    def _read_head(self, piece: bytes) -> None:
        self._head += piece
        try:
            self._parser.feed_data(piece)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._is_strange = True
        if self._is_strange or len(self._head) > bounds.MOST_HEAD:
            self._is_strange, self._aimed = True, None
            self._unread = bytes(self._head) + self._unread
        elif self._request and self._aimed:
            self._request.size = len(self._head)
            self._body_due = self._request.length
            self._head.clear()

    def on_message_begin(self) -> None:
        self._since = self._loop.time()
        self._request = Request(self._since)

    def on_url(self, url: bytes) -> None:
        if self._request:
            self._request.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._request:
            self._request.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        request, parser = self._request, self._parser
        usual = parser.get_method() == b"POST" and parser.get_http_version() == "1.1"
        self._aimed = request.aim() if request and usual else None
        self._is_strange = self._aimed is None
        if request:
            request.is_last = not parser.should_keep_alive()

    def _read_body(self, piece: bytes) -> None:
        self._parser.feed_data(piece)
        self._body_due -= len(piece)
        if self._body_due:
            self._weigh(len(piece))

    def on_body(self, body: bytes) -> None:
        if self._request:
            self._request.body.append(body)
            self._request.size += len(body)

    def _weigh(self, size: int) -> None:
        try:
            self._ingest.arriving.add(size)
            self._arriving += size
        except Full:
            self._give_up(LATER, "later")

    def _take(self, aimed: tuple[Receives, str]) -> None:
        request = self._let_in()
        answer = partial(self._answer, request)
        self._ingest.taking.take(Asked(request.hook(), *aimed, answer, request.size))

    def _let_in(self) -> Request:
        """The request that is being read is to be answered, after all before it."""
        request = self._request
        assert request  # noqa: S101
        self._ingest.arriving.remove(self._arriving)
        self._request, self._aimed, self._arriving = None, None, 0
        self._due.append(request)
        if request.is_last:
            self._is_over, self._unread = True, b""
        return request

    def _give_up(self, response: Response, result: str) -> None:
        """On the request that is being read: nothing that follows it can be read either."""
        if self._aimed:
            count(self._aimed[0], result)
        self._request = self._request or Request(self._since)
        self._request.is_last = True
        self._answer(self._let_in(), response)

    def _answer(self, request: Request, response: Response) -> None:
        """In the order of the requests, whatever order their answers come in."""
        request.answer = response
        self._since = self._loop.time()
        HOOK_SECONDS.observe(self._since - request.since)
        while self._due and (answer := self._due[0].answer):
            self._say(answer, is_last=self._due.popleft().is_last or self._is_done)
        self._read()

    @property
    def _is_done(self) -> bool:
        """Whether the server stops, and all that came in whole is answered."""
        has_more = self._due or self._unread or self._request or self._is_strange
        return self._is_stopping and not has_more

    def _say(self, response: Response, *, is_last: bool) -> None:
        if self._transport.is_closing():
            return
        headers = tuple(self._state.default_headers)
        self._transport.write(as_bytes(response, headers, is_last=is_last))
        if is_last:
            self._is_over = True
            # To close at once could take back what was said to somebody who still sends:
            # https://www.rfc-editor.org/rfc/rfc9112#section-9.6
            self._transport.write_eof()
            self._loop.call_later(bounds.LINGER, self._transport.close)

    def _go_on(self) -> None:
        """Reads more from the sender, or not, or leaves it to somebody else."""
        if self._transport.is_closing():
            return
        if self._is_strange and not self._due:
            return self._hand_over()
        if self._is_done and not self._is_over:
            return self._transport.close()
        wants_more = self._is_over or (self._may_read and not self._is_done)
        if wants_more != self._transport.is_reading():
            (self._transport.resume_reading if wants_more else self._transport.pause_reading)()

    def _hand_over(self) -> None:
        self._timer.cancel()
        self._state.connections.discard(self)
        other = self._elsewhere()
        other.connection_made(self._transport)
        self._transport.set_protocol(other)  # type: ignore[arg-type]
        self._transport.resume_reading()
        other.data_received(self._unread)
        if self._is_stopping:
            other.shutdown()

    def _look(self) -> None:
        """Lets nobody hold a connection who does not use it, does not finish, or does not read."""
        self._timer = self._loop.call_later(LOOK, self._look)
        waits = self._loop.time() - self._since
        if self._is_full or self._transport.is_closing() or (self._is_over and not self._due):
            if waits > bounds.UNREAD:
                self._transport.abort()
        elif self._request and not self._due and not self._is_strange:
            self._hurry(waits)
        elif not self._due and waits >= bounds.IDLE:
            self._transport.close()

    def _hurry(self, waits: float) -> None:
        if self._is_stopping and waits > bounds.STOPPING:
            self._give_up(LATER, "later")
        elif waits > (bounds.BODY_PATIENCE if self._aimed else bounds.HEAD_PATIENCE):
            self._give_up(SLOW, "slow")

    def eof_received(self) -> bool:
        """Who has said all it has to say may still listen."""
        if self._due:
            self._is_stopping = True
        return bool(self._due)

    def pause_writing(self) -> None:
        self._is_full, self._since = True, self._loop.time()
        self._go_on()

    def resume_writing(self) -> None:
        self._is_full, self._since = False, self._loop.time()
        self._read()

    def shutdown(self) -> None:
        """uvicorn stops: what was taken is answered first, and who is just sending may finish."""
        self._is_stopping, self._since = True, self._loop.time()
        self._go_on()

    def connection_lost(self, problem: Exception | None) -> None:
        self._timer.cancel()
        self._is_over, self._unread = True, b""
        self._ingest.arriving.remove(self._arriving)
        self._arriving = 0
        self._crowd.leave(self._transport)
        self._state.connections.discard(self)
