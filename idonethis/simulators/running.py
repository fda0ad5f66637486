"""Serve a simulator from a thread of the running process."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"
START_SECONDS = 10
#: How long requests under way may take when it stops, and how often that is looked at.
GRACE_SECONDS, LOOK_SECONDS = 1, 0.005
DATE_SECONDS = 1


class Prompt(uvicorn.Server):
    """Ends as soon as it is told to. uvicorn's own looks ten times a second whether it was, and
    then waits a tenth; tests start and stop some thousand of these."""

    _loop: asyncio.AbstractEventLoop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # which renews the date that answers bear
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), DATE_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        until = time.monotonic() + GRACE_SECONDS
        while self._is_busy() and time.monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
        await self.lifespan.shutdown()

    def _is_busy(self) -> bool:
        return bool(self.server_state.connections or self.server_state.tasks)

    def end(self) -> None:
        """Called from another thread."""
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._told.set)


class Running:
    """An application that is being served at `url`, until stop()."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        self._socket = listen(port)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self._server = Prompt(quiet(app))
        self._thread = threading.Thread(target=self._serve, name=self.url, daemon=True)

    def start(self) -> Running:
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not self._server.started and time.monotonic() < until and self._thread.is_alive():
            time.sleep(0.005)
        if not self._server.started:
            raise RuntimeError(f"{self.url} did not start; see the error above")
        return self

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Finish what is under way, save the state, and free the port. May be called twice."""
        if self._thread.is_alive():
            self._server.end()
        self._thread.join(START_SECONDS)
        self._socket.close()


def listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


def quiet(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
    )


def start(app: ASGIApp, port: int = 0) -> Running:
    """Serve `app` on 127.0.0.1, on a free port unless one is given. Raises OSError."""
    return Running(app, port).start()


@contextmanager
def running(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve `app` for the length of a with block; gives its base URL."""
    server = start(app, port)
    try:
        yield server.url
    finally:
        server.stop()
