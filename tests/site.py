"""I Done This as its users run it: a process of its own, on a data folder of its own."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

CHANCE = random.SystemRandom()


def free_port() -> int:
    """One with two free neighbours, where a demo puts its partners, and below those that the system
    gives out by itself: between now and then nobody else gets it."""
    while True:
        port = CHANCE.randrange(10_000, 32_000)
        if all(map(is_free, range(port, port + 3))):
            return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def listens(port: int, process: subprocess.Popen, *, within: float) -> bool:
    """Waits until somebody takes connections there; False where the process ended before."""
    until = time.monotonic() + within
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False


class Site:
    """``settings`` are environment variables, as an operator would set them."""

    #: The command that starts it.
    part = "up"

    def __init__(self, data: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = data
        # What tests send at once would be a storm to everybody else.
        settings = {"STORM_LIMIT": "0", **settings}
        own = ("DJANGO_SETTINGS_MODULE", "BASE_URL", "ALLOWED_ADDRESSES")
        kept = {name: value for name, value in os.environ.items() if name not in own}
        self.env = kept | {"IDONETHIS_DATA": str(data), **settings}
        self.log = data / "terminal.txt"

    def start(self, *options: str) -> Site:
        self.data.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "idonethis", self.part, "--port", str(self.port), *options]
        with self.log.open("a") as terminal:
            self.process = subprocess.Popen(
                command, env=self.env, stdout=terminal, stderr=subprocess.STDOUT
            )
        if not listens(self.port, self.process, within=180):
            raise AssertionError(f"It did not start:\n{self.log.read_text()}")
        return self

    @property
    def is_ready(self) -> bool:
        """Whether everything is loaded, and its workers run."""
        try:
            with urlopen(f"{self.url}/readyz", timeout=10):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    @property
    def setup_link(self) -> str:
        return re.findall(r"http://\S+/setup/\S+", self.log.read_text())[-1]

    def run(self, *words: str, status: int = 0) -> str:
        """One command of ``idonethis`` against the same data folder."""
        command = [sys.executable, "-m", "idonethis", *words]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=300)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout if status == 0 else done.stderr

    def told(self, *words: str):
        return json.loads(self.run(*words, "--json"))

    def told_lines(self, *words: str) -> list:
        """Of a command that prints a line of JSON for each thing."""
        return [json.loads(line) for line in self.run(*words, "--json").splitlines()]

    def entries(self, team: str):
        return self.told("entries", team)

    def settle(self, seconds: float = 20) -> list[dict]:
        """Waits until every receipt has its outcome; returns them."""
        until = time.monotonic() + seconds
        while self._is_reading():
            assert time.monotonic() < until, "Some receipts have no outcome yet."
            time.sleep(0.1)
        return self.told("receipts")

    def _is_reading(self) -> bool:
        """Asks the file itself: a command that starts anew costs the server more than it tells."""
        with closing(sqlite3.connect(f"file:{self.data}/inbox.sqlite3?mode=ro", uri=True)) as inbox:
            due = inbox.execute("SELECT 1 FROM integrations_receipt WHERE state = 'due' LIMIT 1")
            return due.fetchone() is not None
