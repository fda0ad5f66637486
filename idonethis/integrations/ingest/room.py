"""What lies behind the door: requests as uvicorn reads them, for pages and for hooks of an unusual
kind, and what uvicorn leaves to a proxy: how large a head may be, how long it may take, and who is
cut off."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from idonethis.integrations.ingest import bounds
from idonethis.integrations.ingest.bounds import (
    BROKEN,
    CROWDED,
    LARGE_HEAD,
    LONG_TARGET,
    OTHER_VERSION,
    PIPELINED,
    SLOW,
)
from idonethis.integrations.ingest.crowd import Crowd
from idonethis.integrations.ingest.saying import as_bytes, say
from idonethis.integrations.values import Response

#: How often it is looked whether a sender takes too long, in seconds.
LOOK = 2.5
VERSIONS = ("1.0", "1.1")


class Crowded(Exception):
    """Nothing more is read from this connection."""


class Room(HttpToolsProtocol):
    def __init__(
        self, config: Config, server_state: ServerState, *, crowd: Crowd, **more: Any
    ) -> None:
        super().__init__(config, server_state, **more)
        self._crowd = crowd
        self._is_in_head = self._is_in_body = self._has_begun = False
        #: Of the request that is being read, in bytes.
        self._head = self._body = 0
        #: What is said before the connection is closed, once it is clear that it will be.
        self._last: Response | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since = self.loop.time()
        self._timer = self.loop.call_later(LOOK, self._look)

    def data_received(self, data: bytes) -> None:
        if self._last or self.transport.is_closing():
            return
        self._has_begun = False
        super().data_received(data)
        if self._is_in_head and not self._has_begun:
            self._head += len(data)
        if self._is_in_head and self._head > bounds.MOST_HEAD:
            self._end(LARGE_HEAD)

    def on_message_begin(self) -> None:
        if self._is_crowded:
            raise Crowded
        super().on_message_begin()
        self._since = self.loop.time()
        self._is_in_head = self._has_begun = True
        self._head = self._body = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """What follows a body is no header: who checks them on the way looks at the head alone.
        https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1"""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        refusal = self._refusal()
        self.app = partial(_refuse, refusal) if refusal else self.config.loaded_app
        super().on_headers_complete()
        self._is_in_body = True
        if self.parser.should_upgrade():  # to what we do not speak, and the parser reads no more
            self.cycle.keep_alive = False

    def _refusal(self) -> Response | None:
        if self.parser.get_http_version() not in VERSIONS:
            return OTHER_VERSION
        if len(self.url) > bounds.MOST_TARGET:
            return LONG_TARGET
        size = sum(len(name) + len(value) for name, value in self.headers)
        is_large = size > bounds.MOST_HEAD or len(self.headers) > bounds.MOST_HEADERS
        return LARGE_HEAD if is_large else None

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._body += len(body)
        if self._body > bounds.MOST_DRAINED:
            self.transport.close()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_in_body = False

    def on_response_complete(self) -> None:
        self._since = self.loop.time()
        if self._last and not self.pipeline and not self.transport.is_closing():
            self._say(self._last)
        super().on_response_complete()
        if self.pipeline:  # uvicorn reads on, whoever waits
            self.flow.pause_reading()

    @property
    def _is_crowded(self) -> bool:
        return len(self.pipeline) >= bounds.MOST_PIPELINED

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _look(self) -> None:
        """Lets nobody hold a connection who does not use it, does not finish, or does not read."""
        self._timer = self.loop.call_later(LOOK, self._look)
        waits = self.loop.time() - self._since
        if self.transport.is_closing() or self.flow.write_paused:
            if waits > bounds.UNREAD:
                self.transport.abort()
        elif not self._is_answering:
            self._hurry(waits)

    def _hurry(self, waits: float) -> None:
        patience = bounds.BODY_PATIENCE if self._is_in_body else bounds.IDLE
        if self._is_in_head and waits > bounds.HEAD_PATIENCE:
            self._end(SLOW)
        elif not self._is_in_head and waits > patience:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """The parser also comes here with what was raised while it read."""
        self._end(PIPELINED if self._is_crowded else BROKEN)

    def _end(self, response: Response) -> None:
        """The last answer, to what is being read; whoever is before it is answered first."""
        self._last = response
        if self._is_in_body and self.pipeline:
            self.pipeline.popleft()
        elif self._is_in_body and self.cycle.response_started:
            self.transport.close()
        elif self._is_in_body or not self._is_answering:
            self._say(response)

    def _say(self, response: Response) -> None:
        headers = tuple(self.server_state.default_headers)
        self.transport.write(as_bytes(response, headers, is_last=True))
        self.transport.close()

    def pause_writing(self) -> None:
        self._since = self.loop.time()
        super().pause_writing()

    def connection_lost(self, problem: Exception | None) -> None:
        self._timer.cancel()
        self._crowd.leave(self.transport)
        super().connection_lost(problem)


class Entrance(Room):
    """A room without a door, where no hooks come."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not self._crowd.admits(transport):
            self._end(CROWDED)


async def _refuse(response: Response, scope: Any, receive: Any, send: Any) -> None:
    await say(response, send, is_last=True)
