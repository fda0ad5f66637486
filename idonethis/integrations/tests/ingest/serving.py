"""The server as it is, in a thread of the test: its door, its rooms, its writer and Django."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import uvicorn

from idonethis.asgi import application
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.server import config


class Served:
    def __init__(self) -> None:
        self.writer = GroupCommit()
        self.ingest = application(self.writer)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.server = uvicorn.Server(config(self.ingest, "127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=self.server.config.get_loop_factory()) as runner:
            runner.run(self.server.serve(sockets=[self._socket]))

    def start(self) -> Served:
        self.writer.start()
        self._thread.start()
        while not self.server.started:
            time.sleep(0.005)
        return self

    @property
    def crowd(self):
        return self.server.config.http_protocol_class.args[1]

    @property
    def left(self) -> dict:
        """What is left of those who were here."""
        taking, arriving = self.ingest.taking, self.ingest.arriving
        left = {
            "held": taking._held,
            "asked": taking._asked,
            "arriving": arriving._bytes,
            "crowd": self.crowd._all,
            "connections": self.server.server_state.connections,
        }
        return {name: what for name, what in left.items() if what}

    def remains(self, within: float = 5) -> dict:
        """The same in a while."""
        until = time.monotonic() + within
        while self.left and time.monotonic() < until:
            time.sleep(0.01)
        return self.left

    def begin_to_stop(self) -> None:
        self.server.should_exit = True

    def stop(self) -> None:
        self.begin_to_stop()
        self._thread.join()
        self.writer.stop()
