"""How a body arrives over ASGI: in time, and not larger than it may be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

#: The longest a body may take to arrive, in seconds.
BODY_PATIENCE = 30
#: A body this much over the limit is not even read to its end.
MOST_DRAINED = 64 * 1024 * 1024


class TooLarge(Exception):
    pass


class Gone(Exception):
    """The sender hung up."""


async def body_of(headers: dict[str, str], receive: Receive, *, most: int) -> bytes:
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
