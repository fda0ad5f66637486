"""Answers as they go over the wire. Nearly every hook is answered with one of a few."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from idonethis.integrations.values import Response
from idonethis.rim import completed

Headers = tuple[tuple[bytes, bytes], ...]

#: Nothing that comes after it on this connection is read.
CLOSE: Headers = ((b"connection", b"close"),)


@lru_cache(maxsize=64)
def head(response: Response) -> Headers:
    own = (
        (b"content-type", response.content_type.encode()),
        (b"content-length", str(len(response.body)).encode()),
        *((name.encode(), value.encode()) for name, value in response.headers),
    )
    return tuple(completed(own))


@lru_cache(maxsize=64)
def as_bytes(response: Response, headers: Headers, *, is_last: bool) -> bytes:
    """The whole answer; ``headers`` are the server's own, such as the date."""
    status = HTTPStatus(response.status)
    closing = CLOSE if is_last else ()
    lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode()]
    lines += [name + b": " + value for name, value in (*headers, *head(response), *closing)]
    return b"\r\n".join([*lines, b"", response.body])


async def say(response: Response, send: Callable[[Any], Awaitable[None]], *, is_last: bool) -> None:
    """The same over ASGI."""
    headers = [*head(response), *(CLOSE if is_last else ())]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
