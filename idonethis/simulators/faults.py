"""Faults on demand: what a partner may do to us on a bad day."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, get_args

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .params import BadParam, Params
from .store import Record

Kind = Literal["slow", "429", "500", "expired", "revoked", "garbage", "html", "truncated", "reset"]
KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}


@dataclass
class Fault:
    """One fault that waits for `times` matching calls (None: until it is cleared).

    `path` and `method` are shell patterns. `seconds` is how long "slow" waits; `retry_after` is
    what "429" says, in seconds.
    """

    path: str
    kind: Kind
    method: str = "*"
    times: int | None = 1
    seconds: float = 30
    retry_after: int = 1

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
        )

    def meets(self, method: str, paths: list[str]) -> bool:
        return fnmatchcase(method, self.method) and any(fnmatchcase(p, self.path) for p in paths)

    def as_record(self) -> Record:
        return {**vars(self), "fault": self.kind}


class Faults:
    def __init__(self) -> None:
        self.armed: list[Fault] = []

    def take(self, method: str, paths: list[str]) -> Fault | None:
        """The first armed fault that this call meets, counted as used once."""
        for fault in self.armed:
            if fault.meets(method, paths):
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
    """A 200 whose body is not what it says it is."""
    if kind == "html":
        return HTMLResponse("<!doctype html><title>Down</title><h1>We will be back soon.</h1>")
    return Response(b"\x00\xff{" + os.urandom(64), media_type="application/json")


async def truncated(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run the call, then hand over the first half of its answer."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    body = b"".join(message.get("body", b"") for message in messages)
    half = body[: len(body) // 2]
    start = {**messages[0], "headers": with_length(messages[0]["headers"], len(half))}
    await send(start)
    await send({"type": "http.response.body", "body": half})


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
