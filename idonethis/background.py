"""The only module that knows how work is woken. The work itself waits in tables; a wake-up that is
lost costs a second of delay, never the work."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import transaction

#: How long a lane sleeps when nobody wakes it, in seconds: the safety net under every wake-up.
SAFETY_NET = 1.0


class Lane:
    """One queue of rows and the thread that drains it. ``drain`` returns how many rows it did."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._due = threading.Event()

    def wake(self) -> None:
        self._due.set()

    def wake_on_commit(self) -> None:
        transaction.on_commit(self.wake)

    def run(self, drain: Callable[[], int], *, until: threading.Event) -> None:
        while not until.is_set():
            self._due.clear()
            if not drain():
                self._due.wait(SAFETY_NET)


INBOX = Lane("inbox")
OUTBOX = Lane("outbox")
