"""What watches over the server asks: does it answer, can it work, how much does it do. A bare ASGI
application, so that none of it costs a session, a middleware or, for the first, a database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import close_old_connections
from django.utils.crypto import constant_time_compare

from idonethis import metrics, readiness
from idonethis.integrations.models import measures

Scope = MutableMapping[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]

#: How long an answer is good for, in seconds: whoever asks often asks no database.
BELIEVED = 1.0
#: What a proxy adds. Whoever comes through one is not of this machine.
FORWARDED = frozenset((b"x-forwarded-for", b"x-forwarded-host", b"forwarded", b"via", b"x-real-ip"))
CLOSED = (
    b"Metrics are for this machine, and for whoever brings the METRICS_TOKEN as a bearer token."
)
TEXT = "text/plain; charset=utf-8"


class Said(NamedTuple):
    status: int
    body: bytes
    content_type: str = TEXT


class Remembered:
    """Asked in a thread, by one at a time, and believed for a second."""

    def __init__(self, ask: Callable[[], Said]) -> None:
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="probes")
        self._lock = asyncio.Lock()
        self._until = 0.0
        self._said = Said(503, b"")

    async def said(self) -> Said:
        async with self._lock:
            if time.monotonic() > self._until:
                loop = asyncio.get_running_loop()
                self._said = await loop.run_in_executor(self._thread, self._ask)
                self._until = time.monotonic() + BELIEVED
        return self._said


class Probes:
    """Answers ``/healthz``, ``/readyz`` and ``/metrics``, and leaves the rest to ``elsewhere``."""

    def __init__(self, elsewhere: App) -> None:
        self.elsewhere = elsewhere
        metrics.measure(*measures.GAUGES, *readiness.GAUGES)
        self._readiness = Remembered(_readiness)
        self._metrics = Remembered(_metrics)
        self._answers: Mapping[str, Callable[[Scope], Awaitable[Said]]] = {
            "/healthz": self._health,
            "/readyz": self._ready,
            "/metrics": self._measured,
        }

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        answer = self._answers.get(scope["path"]) if scope["type"] == "http" else None
        if answer is None:
            await self.elsewhere(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await _say(Said(405, b"Ask by GET."), scope, send)
        else:
            await _say(await answer(scope), scope, send)

    async def _health(self, scope: Scope) -> Said:
        return Said(200, b"ok")

    async def _ready(self, scope: Scope) -> Said:
        return await self._readiness.said()

    async def _measured(self, scope: Scope) -> Said:
        headers = {name: value for name, value in scope["headers"]}
        if _is_near(scope, headers) or _brings_token(headers):
            return await self._metrics.said()
        return Said(403, CLOSED)


def _readiness() -> Said:
    reasons = readiness.reasons()
    body = orjson.dumps({"ready": not reasons, "reasons": reasons})
    return Said(503 if reasons else 200, body, "application/json")


def _metrics() -> Said:
    close_old_connections()
    try:
        return Said(200, metrics.exposition(), metrics.CONTENT_TYPE)
    finally:
        close_old_connections()


def _is_near(scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
    """Somebody on this machine, and no proxy on it that speaks for others, nor a page elsewhere
    that has a browser here ask by a name of its own."""
    client = (scope.get("client") or ("", 0))[0]
    host = headers.get(b"host", b"").decode("latin-1").rpartition(":")[0].strip("[]")
    return _is_loopback(client) and _is_loopback(host) and not FORWARDED & headers.keys()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _brings_token(headers: Mapping[bytes, bytes]) -> bool:
    wanted = settings.METRICS_TOKEN
    brought = headers.get(b"authorization", b"").decode("latin-1")
    return bool(wanted) and constant_time_compare(brought, f"Bearer {wanted}")


async def _say(said: Said, scope: Scope, send: Any) -> None:
    headers = [
        (b"content-type", said.content_type.encode()),
        (b"content-length", str(len(said.body)).encode()),
        *([(b"retry-after", b"5")] if said.status == 503 else []),
    ]
    await send({"type": "http.response.start", "status": said.status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else said.body
    await send({"type": "http.response.body", "body": body})
