"""How a body arrives over ASGI: in time, not larger than it may be, and not beside too many others.
What is refused meanwhile is not read to its end; the server does that, and keeps nothing of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from idonethis.integrations.ingest import bounds

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class TooLarge(Exception):
    pass


class Full(Exception):
    """More is arriving than memory should hold."""


class Gone(Exception):
    """The sender hung up."""


class Arriving:
    """Of all bodies that are not whole yet, the bytes that are there."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, size: int) -> None:
        """Raises Full, and then it is not added."""
        if self._bytes + size > bounds.MOST_ARRIVING:
            raise Full
        self._bytes += size

    def remove(self, size: int) -> None:
        self._bytes -= size


async def body_of(
    headers: Mapping[str, str], receive: Receive, *, most: int, arriving: Arriving
) -> bytes:
    """Raises TooLarge, Full, Gone or TimeoutError."""
    announced = headers.get("content-length", "0")
    if int(announced if announced.isdecimal() else 0) > most:
        raise TooLarge
    task = asyncio.current_task()
    assert task  # noqa: S101
    # A bare timer: asyncio.timeout costs as much as checking the signature.
    timer = asyncio.get_running_loop().call_later(bounds.BODY_PATIENCE, task.cancel)
    body = bytearray()
    try:
        await _read(body, receive, most=most, arriving=arriving)
    except asyncio.CancelledError as problem:
        raise TimeoutError from problem
    finally:
        arriving.remove(len(body))
        timer.cancel()
    return bytes(body)


async def _read(body: bytearray, receive: Receive, *, most: int, arriving: Arriving) -> None:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk, more = message.get("body", b""), message.get("more_body", False)
        if len(body) + len(chunk) > most:
            raise TooLarge
        arriving.add(len(chunk))
        body += chunk
