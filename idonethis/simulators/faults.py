"""Faults on demand: what a partner may do to us on a bad day."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, get_args

from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .params import BadParam, Params
from .store import Record

Kind = Literal[
    "slow", "429", "500", "502", "503", "expired", "revoked", "garbage", "html", "truncated",
    "huge", "drip", "redirect", "reset",
]  # fmt: skip
KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
#: What a "huge" answer holds, in bytes: more than anybody should read.
HUGE = 64 * 1024 * 1024
CHUNK = b" " * 65_536
#: Where a "redirect" leads, on the same address; who follows it is in the journal.
ELSEWHERE = "/elsewhere"


@dataclass
class Fault:
    """One fault that waits for `times` matching calls (None: until it is cleared).

    `path` and `method` are shell patterns, and the body must hold `words`. `seconds` is how long
    "slow" waits, and "drip" between two bytes; `retry_after` is what "429" says, in seconds.
    """

    path: str
    kind: Kind
    method: str = "*"
    times: int | None = 1
    seconds: float = 30
    retry_after: int = 1
    words: str = ""

    @classmethod
    def asked(cls, params: Params) -> Fault:
        kind = params.text("fault")
        if kind not in KINDS:
            raise BadParam(f"fault is one of {', '.join(KINDS)}, not {kind!r}")
        times = params.number("times", 1)
        return cls(
            path=params.text("path", "*"),
            kind=KINDS[kind],
            method=params.text("method", "*").upper(),
            times=times or None,
            seconds=params.decimal("seconds", 30),
            retry_after=params.number("retry_after", 1),
            words=params.text("words", ""),
        )

    def meets(self, method: str, paths: list[str], body: bytes) -> bool:
        if self.words.encode() not in body:
            return False
        return fnmatchcase(method, self.method) and any(fnmatchcase(p, self.path) for p in paths)

    def as_record(self) -> Record:
        return {**vars(self), "fault": self.kind}


class Faults:
    def __init__(self) -> None:
        self.armed: list[Fault] = []

    def take(self, method: str, paths: list[str], body: bytes) -> Fault | None:
        """The first armed fault that this call meets, counted as used once."""
        for fault in self.armed:
            if fault.meets(method, paths, body):
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times == 0:
            self.armed.remove(fault)


def broken_answer(kind: Kind) -> Response:
    """What stands before the partner answers in its place: a web page, with any status, or a
    redirect; or a 200 whose body is not what it says it is."""
    if kind == "redirect":
        return RedirectResponse(ELSEWHERE, 307)
    if kind == "huge":
        return StreamingResponse(_endless(), media_type="application/json")
    if kind == "garbage":
        return Response(b"\x00\xff{" + os.urandom(64), media_type="application/json")
    page = "<!doctype html><title>Down</title><h1>We will be back soon.</h1>"
    return HTMLResponse(page, 200 if kind == "html" else int(kind))


async def _endless() -> AsyncIterator[bytes]:
    for _ in range(HUGE // len(CHUNK)):
        yield CHUNK


async def whole_answer(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """Run the call; the start of its answer, and the body."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages[0], b"".join(message.get("body", b"") for message in messages)


async def slow(app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, seconds: float) -> None:
    """Run the call late."""
    await asyncio.sleep(seconds)
    await app(scope, receive, send)


async def truncated(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, seconds: float
) -> None:
    """Run the call, then hand over the first half of its answer."""
    start, body = await whole_answer(app, scope, receive)
    half = body[: len(body) // 2]
    await send({**start, "headers": with_length(start["headers"], len(half))})
    await send({"type": "http.response.body", "body": half})


async def drip(app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, seconds: float) -> None:
    """Run the call, then hand over its answer a byte at a time."""
    start, body = await whole_answer(app, scope, receive)
    await send(start)
    for byte in body:
        await asyncio.sleep(seconds)
        await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


#: Those in which the partner does what it is asked, and only the answer goes wrong.
SPOILED = {"slow": slow, "truncated": truncated, "drip": drip}


def with_length(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]


async def reset(receive: Receive, send: Send) -> None:
    """Cut the connection with a TCP reset before anything is answered."""
    transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
    connection = transport.get_extra_info("socket")
    # SO_LINGER of zero seconds makes close() send RST instead of FIN: man 7 socket.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
