"""Wakes what works in other processes. Told from a thread of its own: whoever has something to do
done waits for none of it, and a commit never fails because nobody could be woken."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from django.db import connections

from idonethis.background import Lane

log = logging.getLogger(__name__)

#: What is to be told within this time is told at once, in seconds.
BREATH = 0.02


class Unheard(Exception):
    """Nobody could be told, or only perhaps."""


class Way(Protocol):
    def tell(self, lanes: Sequence[str]) -> None:
        """That there is something to do in these. Within seconds, or raises Unheard."""


class Alarm:
    """Goes the first of these ways, and the next where that one is blocked. What nobody hears is
    dropped: whoever works looks by itself a second later."""

    def __init__(self, *ways: Way) -> None:
        self._ways = ways
        self._lanes: set[str] = set()
        self._blocking: set[Way] = set()
        self._lock = threading.Lock()
        self._something = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="idonethis-alarm", daemon=True)

    def start(self) -> None:
        """From now on other processes hear what is woken in this one."""
        Lane.alarms.append(self.ring)
        self._thread.start()

    def stop(self) -> None:
        """Tells what is still to be told."""
        Lane.alarms.remove(self.ring)
        self._stopping.set()
        self._something.set()
        self._thread.join()

    def ring(self, lane: str) -> None:
        with self._lock:
            self._lanes.add(lane)
        if not self._something.is_set():  # setting it takes a lock, set or not
            self._something.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._something.wait()
            self._something.clear()
            if lanes := self._taken():
                self._tell(lanes)
            self._stopping.wait(BREATH)
        if lanes := self._taken():
            self._tell(lanes)
        connections.close_all()

    def _taken(self) -> list[str]:
        with self._lock:
            lanes, self._lanes = self._lanes, set()
        return sorted(lanes)

    def _tell(self, lanes: list[str]) -> None:
        for way in self._ways:
            try:
                way.tell(lanes)
            except Exception as problem:
                self._blocked(way, problem)
            else:
                self._blocking.discard(way)
                return

    def _blocked(self, way: Way, problem: Exception) -> None:
        """Said once, until it is open again."""
        if way not in self._blocking:
            unknown = None if isinstance(problem, Unheard) else problem
            name = type(way).__name__
            log.warning("%s wakes nobody just now: %s", name, problem, exc_info=unknown)
        self._blocking.add(way)
