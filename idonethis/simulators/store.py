"""What a simulator remembers: JSON records in memory, and in one file when a path is given."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Record = dict[str, Any]

# One write for a burst of requests; what a kill may lose is this much.
SAVE_AFTER_SECONDS = 0.1


class UnreadableState(ValueError):
    """The state file holds no JSON object; nothing was read and nothing was written."""


class Store:
    """Named tables of JSON records.

    `seed` makes the tables of a fresh world. `path` is read at once when it exists, so that a
    restarted simulator goes on where it stopped. Raises UnreadableState.
    """

    def __init__(self, seed: Callable[[], Record], path: Path | None = None) -> None:
        self._seed = seed
        self._path = path
        self._timer: asyncio.TimerHandle | None = None
        self.tables: Record = self._loaded()

    def _loaded(self) -> Record:
        if self._path is None or not self._path.exists():
            return self._seed()
        return {**self._seed(), **read_state(self._path)}

    def table(self, name: str) -> Record:
        table: Record = self.tables.setdefault(name, {})
        return table

    def next_id(self, name: str, first: int = 1) -> int:
        """The next number of that sequence, starting with `first`."""
        sequence = self.table("sequence")
        sequence[name] = sequence.get(name, first - 1) + 1
        return int(sequence[name])

    def now(self) -> float:
        """Seconds since the epoch, on this simulator's own clock."""
        return time.time() + float(self.table("clock").get("ahead", 0))

    def forward(self, seconds: float) -> None:
        clock = self.table("clock")
        clock["ahead"] = clock.get("ahead", 0) + seconds

    def reset(self) -> None:
        self.tables = self._seed()

    def touch(self) -> None:
        """Write the file soon; call from the event loop after a change."""
        if self._path is not None and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(SAVE_AFTER_SECONDS, self.save)

    def save(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._path is not None:
            write_atomically(self._path, json.dumps(self.tables))


def read_state(path: Path) -> Record:
    try:
        state = json.loads(path.read_text("utf-8"))
    except ValueError:
        state = None
    if not isinstance(state, dict):
        raise UnreadableState(
            f"{path} holds no simulator state. Nothing was changed: "
            "move the file away or name another one."
        )
    return state


def write_atomically(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    # Tokens are inside: for the owner's eyes only.
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
