"""How long a partner may take, as a whole. Limits on each read alone would let one that sends a
byte now and then hold a worker for days."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any

import httpcore

_until: ContextVar[float] = ContextVar("until")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Whatever is read or written inside by a PatientStream ends in time, or raises ReadTimeout."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def _left(timeout: float | None) -> float:
    """Of this time, as much as is left of the whole."""
    rest = _until.get() - time.monotonic()
    if rest <= 0:
        raise httpcore.ReadTimeout("The answer took too long.")
    return rest if timeout is None else min(rest, timeout)


class PatientStream(httpcore.NetworkStream):
    """A connection that knows how long the whole request may take."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return PatientStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
