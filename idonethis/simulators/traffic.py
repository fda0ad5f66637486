"""Everything that comes in passes here: it is written down, and a fault may take its place."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .faults import SPOILED, Fault, Faults, broken_answer, reset
from .journal import Journal
from .store import Record

Speak = Callable[[Fault, str], Response]
Whose = Callable[[Headers], str | None]


class Traffic:
    """ASGI middleware around a simulator.

    `speak` says a fault in the partner's own words for the path that was called; `whose` names
    the account behind a call.
    """

    def __init__(
        self,
        app: ASGIApp,
        journal: Journal,
        *,
        faults: Faults,
        speak: Speak,
        whose: Whose,
        prefix: str,
    ) -> None:
        self._app = app
        self._journal = journal
        self._faults = faults
        self._speak = speak
        self._whose = whose
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_ours(scope["path"]):
            await self._app(scope, receive, send)
            return
        body = await whole_body(receive)
        call = self._open(scope, body)
        fault = self._faults.take(scope["method"], self._names(scope["path"]), body)
        call["fault"] = fault.kind if fault else None
        try:
            await self._answer(scope, replay(body, receive), send, call=call, fault=fault)
        finally:
            self._journal.answered(call)

    def _open(self, scope: Scope, body: bytes) -> Record:
        headers = Headers(scope=scope)
        call = self._journal.called(
            scope["method"],
            scope["path"],
            query=scope["query_string"].decode(),
            body=body,
            content_type=headers.get("content-type", ""),
        )
        call["account"] = self._whose(headers)
        return call

    def _names(self, path: str) -> list[str]:
        """A path under the API prefix may be named without it."""
        inside = bool(self._prefix) and path.startswith(f"{self._prefix}/")
        return [path, path.removeprefix(self._prefix)] if inside else [path]

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, *, call: Record, fault: Fault | None
    ) -> None:
        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                call["status"] = message["status"]
            await send(message)

        if fault is None:
            await self._app(scope, receive, note)
        elif fault.kind == "reset":
            await reset(receive, send)
        elif fault.kind in SPOILED:
            spoil = SPOILED[fault.kind]
            await spoil(self._app, scope, receive, note, seconds=fault.seconds)
        else:
            await self._in_its_place(fault, scope["path"])(scope, receive, note)

    def _in_its_place(self, fault: Fault, path: str) -> Response:
        spoken = fault.kind in ("429", "500", "expired", "revoked")
        return self._speak(fault, path) if spoken else broken_answer(fault.kind)


def is_ours(path: str) -> bool:
    """Paths the partner does not have: the human page, its style and the control API."""
    return path in ("/", "/favicon.ico") or path.startswith(("/_control", "/_static/"))


async def whole_body(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def replay(body: bytes, receive: Receive) -> Receive:
    """A receive that hands out the body once more, then goes on with the real one."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again
