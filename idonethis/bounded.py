"""What is sent to pages and to the API: not more than any of them takes, and in time. Django keeps
all of a body before it looks at it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from idonethis.integrations.ingest import bounds
from idonethis.integrations.ingest.bounds import LARGE_FORM, SLOW_FORM
from idonethis.integrations.ingest.saying import say
from idonethis.integrations.values import Response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Any, Any, Any], Awaitable[None]]

GONE: Message = {"type": "http.disconnect"}


class Bounded:
    """Goes around an ASGI application, which sees nothing of what is refused."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Any) -> None:
        body = Body(dict(scope["headers"]), receive)
        if not body.refusal:
            await self.app(scope, body.receive, send)
        if body.refusal:
            await say(body.refusal, send, is_last=True)


class Body:
    """One body, as the application receives it. What is refused looks to it as if the sender had
    hung up."""

    def __init__(self, headers: dict[bytes, bytes], receive: Receive) -> None:
        announced = headers.get(b"content-length", b"0")
        is_large = announced.isdigit() and int(announced) > bounds.MOST_FORM
        self.refusal: Response | None = LARGE_FORM if is_large else None
        self._receive = receive
        self._until = time.monotonic() + bounds.BODY_PATIENCE
        self._size = 0
        self._is_whole = False

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            left = self._until - time.monotonic()
            message = await asyncio.wait_for(self._receive(), left)
        except TimeoutError:
            self.refusal = SLOW_FORM
            return GONE
        self._size += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._size > bounds.MOST_FORM:
            self.refusal = LARGE_FORM
        return GONE if self.refusal else message
