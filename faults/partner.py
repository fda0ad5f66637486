"""A pretend partner as a process of its own, which keeps its own journal of what it was asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from idonethis.simulators import visitor
from idonethis.simulators.catalogue import SIMULATORS
from tests.site import free_port, listens

#: How long it may take to start, in seconds.
START = 30


class Partner:
    """``settings`` are options of the simulator. What it knows and what it was asked outlive its
    death, in ``folder``."""

    def __init__(
        self, name: str, folder: Path, *, env: Mapping[str, str] | None = None, **settings: str
    ) -> None:
        self.name, self.folder, self.settings = name, folder, settings
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.state = folder / f"pretend-{name}.json"
        self._journal = folder / f"journal-of-{name}.jsonl"
        self._env = {**os.environ, **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def addresses(self) -> dict[str, str]:
        """What our server must know of it."""
        api = self.url + SIMULATORS[self.name].api_prefix
        prefix = self.name.upper()
        return {f"{prefix}_WEB_URL": self.url, f"{prefix}_API_URL": api}

    def start(self) -> Partner:
        paths = {"state": self.state, "journal": self._journal, "port": self.port, **self.settings}
        words = [word for name, value in paths.items() for word in (f"--{name}", str(value))]
        command = [sys.executable, "-m", "idonethis.simulators", self.name, *words]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": (self.folder / "partner.txt").open("a")}
        self._process = subprocess.Popen(command, env=self._env, **quiet)
        quiet["stderr"].close()
        if not listens(self.port, self._process, within=START):
            raise AssertionError(f"Pretend {self.name} did not start.")
        return self

    def stop(self) -> None:
        """It remembers, and its address refuses connections until it starts again. Harmless where
        it has never started."""
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)

    def do(self, action: str, **values: Any) -> Any:
        return visitor.act(self.url, action, **values)

    def read(self, name: str) -> Any:
        return visitor.read(self.url, name)

    def calls(self, path: str = "") -> list[dict[str, Any]]:
        """What it was asked at paths that end like this, in the order of its answers; ``at`` in
        seconds since the epoch."""
        if not self._journal.exists():
            return []
        calls = [json.loads(line) for line in self._journal.read_text().splitlines()]
        return [call for call in calls if call["path"].endswith(path)]

    def messages(self, channel: str) -> list[str]:
        """What stands in the channel of a pretend Slack, oldest first."""
        return [each["text"] for each in self.do("messages", channel=channel)["messages"]]
