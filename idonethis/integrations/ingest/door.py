"""The door of the server. Nearly every hook is one POST whose length is said beforehand: such a one
is read here, on the connection itself, at a third of what it costs as a request of ASGI. Everything
else is answered in the room behind it, byte for byte as it came."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol, cast

from uvicorn.server import ServerState

from idonethis.integrations.ingest import bounds
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.bodies import Full
from idonethis.integrations.ingest.bounds import CROWDED, LATER, SLOW
from idonethis.integrations.ingest.crowd import Crowd
from idonethis.integrations.ingest.intake import count
from idonethis.integrations.ingest.reader import Reader
from idonethis.integrations.ingest.request import Request
from idonethis.integrations.ingest.saying import as_bytes
from idonethis.integrations.ingest.taking import Asked
from idonethis.integrations.values import Response
from idonethis.metrics import HOOK_SECONDS

#: Answers that may be due on one connection before more is read from it.
MOST_DUE = 32
#: How often it is looked whether a sender takes too long, in seconds.
LOOK = 2.5


class Answering(Protocol):
    """What answers all that is no usual hook."""

    def connection_made(self, transport: asyncio.Transport) -> None: ...
    def data_received(self, data: bytes) -> None: ...
    def shutdown(self) -> None: ...


class Door(asyncio.Protocol):
    """One connection. ``elsewhere`` makes what answers it once something else than a hook comes."""

    def __init__(
        self,
        ingest: Ingest,
        elsewhere: Callable[[], Answering],
        *,
        state: ServerState,
        crowd: Crowd,
    ) -> None:
        self._taking = ingest.taking
        self._elsewhere = elsewhere
        self._state = state
        self._crowd = crowd
        self._loop = asyncio.get_running_loop()
        self._reader = Reader(ingest.arriving)
        self._due: deque[Request] = deque()
        #: Whether nobody reads our answers, and whether nothing more is answered.
        self._is_full = self._is_over = False
        #: Whether the server stops, and then, whether only what has begun is still read to its end.
        self._is_stopping = self._is_finishing = False
        self._is_reading = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._since = self._loop.time()
        self._timer = self._loop.call_later(LOOK, self._look)
        if self._crowd.admits(transport):
            self._state.connections.add(self)  # type: ignore[arg-type]
        else:
            self._say(CROWDED, is_last=True)
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        self._is_finishing = self._is_stopping
        if not self._is_over:
            self._reader.unread += data
            self._read()

    def _read(self) -> None:
        """As far as may be. Some are answered while they are read."""
        if self._is_reading:
            return
        self._is_reading, before = True, self._reader.request
        try:
            while self._may_read and (request := self._reader.read()):
                self._take(request)
        except Full:
            self._give_up(LATER, "later")
        self._is_reading = False
        if self._reader.request is not before:
            self._since = self._loop.time()
        self._go_on()

    @property
    def _may_read(self) -> bool:
        return not self._is_full and not self._is_over and len(self._due) <= MOST_DUE

    def _take(self, request: Request) -> None:
        self._let_in(request)
        assert request.aimed  # noqa: S101
        answer = partial(self._answer, request)
        self._taking.take(Asked(request.hook(), *request.aimed, answer, request.size))

    def _let_in(self, request: Request) -> None:
        """It is to be answered, after all before it."""
        self._due.append(request)
        request.is_last = request.is_last or self._is_finishing
        if request.is_last:
            self._is_over, self._reader.unread = True, b""

    def _give_up(self, response: Response, result: str) -> None:
        """On the request that is being read: nothing that follows it can be read either."""
        request = self._reader.let_go() or Request()
        if request.aimed:
            count(request.aimed[0], result)
        request.is_last = True
        self._let_in(request)
        self._answer(request, response)

    def _answer(self, request: Request, response: Response) -> None:
        """In the order of the requests, whatever order their answers come in."""
        request.answer = response
        self._since = self._loop.time()
        HOOK_SECONDS.observe(time.monotonic() - request.since)
        while self._due and (answer := self._due[0].answer):
            self._say(answer, is_last=self._due.popleft().is_last or self._is_done)
        self._read()

    @property
    def _is_done(self) -> bool:
        """Whether the server stops, and all that came in whole is answered."""
        has_more = self._due or self._reader.unread or self._reader.request
        return self._is_stopping and not has_more

    def _say(self, response: Response, *, is_last: bool) -> None:
        if self.transport.is_closing():
            return
        headers = tuple(self._state.default_headers)
        self.transport.write(as_bytes(response, headers, is_last=is_last))
        if is_last:
            self._is_over = True
            # To close at once could take back what was said to somebody who still sends:
            # https://www.rfc-editor.org/rfc/rfc9112#section-9.6
            self.transport.write_eof()
            self._loop.call_later(bounds.LINGER, self.transport.close)

    def _go_on(self) -> None:
        """Reads more from the sender, or not, or leaves it to somebody else."""
        if self.transport.is_closing():
            return
        if self._reader.is_strange and not self._due and not self._is_over:
            return self._hand_over()
        if self._is_done and not self._is_over:
            return self.transport.close()
        may_read = self._may_read and not self._reader.is_strange
        wants_more = self._is_over or (may_read and not self._is_done)
        if wants_more != self.transport.is_reading():
            (self.transport.resume_reading if wants_more else self.transport.pause_reading)()

    def _hand_over(self) -> None:
        self._timer.cancel()
        self._state.connections.discard(self)
        other = self._elsewhere()
        other.connection_made(self.transport)
        self.transport.set_protocol(other)  # type: ignore[arg-type]
        self.transport.resume_reading()
        other.data_received(self._reader.unread)
        if self._is_stopping:
            other.shutdown()

    def _look(self) -> None:
        """Lets nobody hold a connection who does not use it, does not finish, or does not read."""
        self._timer = self._loop.call_later(LOOK, self._look)
        waits = self._loop.time() - self._since
        if self._is_full or self.transport.is_closing() or (self._is_over and not self._due):
            if waits > bounds.UNREAD:
                self.transport.abort()
        elif self._reader.request and not self._due:
            self._hurry(waits)
        elif not self._due and waits >= bounds.IDLE:
            self.transport.close()

    def _hurry(self, waits: float) -> None:
        if self._is_stopping and waits > bounds.STOPPING:
            self._give_up(LATER, "later")
            return
        is_body = self._reader.request and self._reader.request.aimed
        if waits > (bounds.BODY_PATIENCE if is_body else bounds.HEAD_PATIENCE):
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
        self._is_over, self._reader.unread = True, b""
        self._reader.let_go()
        self._crowd.leave(self.transport)
        self._state.connections.discard(self)
