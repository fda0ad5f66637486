"""HTTP/1.1 as plainly as a partner speaks it, at a fraction of what a whole client costs: driver
and server share this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

import httptools


class Unanswered(Exception):
    """The connection was refused, cut, or silent for too long."""


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Reading:
    """What httptools calls while it reads one answer."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.is_whole = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.is_whole = True


class Wire:
    """One connection, kept as long as the server keeps it. ``patience``: for one answer, in
    seconds, as a partner has it."""

    def __init__(self, port: int, *, patience: float = 10) -> None:
        self.port = port
        self.patience = patience
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def exchange(self, request: bytes) -> Answer:
        """Raises Unanswered; whether the server got the request is not known then."""
        try:
            async with asyncio.timeout(self.patience):
                return await self._exchange(request)
        except (OSError, EOFError, TimeoutError, httptools.HttpParserError) as problem:
            self.close()
            raise Unanswered(type(problem).__name__) from problem

    async def _exchange(self, request: bytes) -> Answer:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(request)
        await self._writer.drain()
        return await self._answer()

    async def _answer(self) -> Answer:
        reading = Reading()
        parser = httptools.HttpResponseParser(reading)
        while not reading.is_whole:
            chunk = await self._reader.read(65536) if self._reader else b""
            if not chunk:
                raise EOFError
            parser.feed_data(chunk)
        if not parser.should_keep_alive():
            self.close()
        return Answer(parser.get_status_code(), reading.headers, bytes(reading.body))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
