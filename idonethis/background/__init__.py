"""The only package that knows how work is woken. The work itself waits in tables; a wake-up that is
lost costs a second of delay, never the work."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, TypeVar

from django.db import (
    DatabaseError,
    OperationalError,
    close_old_connections,
    connections,
    transaction,
)

from idonethis.background.writers import WRITERS

log = logging.getLogger(__name__)

#: Who waits for SQLite's file looks again after 1, 2, 5, 10, 15, 20 milliseconds, and finds it free
#: between turns that are no longer than this, in seconds, without a rest.
BRIEF = 0.03
#: How often who rests looks whether anybody waits, in seconds.
LOOK = 0.002


class Lane:
    """One queue of rows. ``wake`` says that there is something to do; after ``every`` seconds
    without a wake-up it looks by itself: the safety net. One turn never takes more than
    ``patience`` seconds, unless something is wrong."""

    #: Those that work in this process.
    at_work: ClassVar[set[Lane]] = set()
    #: Who tells other processes in which lane there is something to do. None of them waits.
    alarms: ClassVar[list[Callable[[str], None]]] = []
    #: The longest rest between two turns that found work, in seconds, while others want to write.
    #: Whoever waits for SQLite's file looks ever more rarely whether it is free, and has to find it
    #: so now and then.
    rest: float = 0.0
    writers = WRITERS

    def __init__(self, name: str, *, every: float = 1.0, patience: float = 60.0) -> None:
        self.name = name
        self.every = every
        self.patience = patience
        self._due = threading.Event()
        self._turned = time.monotonic()
        self._look_at = 0.0
        #: As many as work here; whoever takes a turn has one, be it that one or somebody else.
        self._places = threading.Semaphore(0)

    @property
    def idle(self) -> float:
        """Seconds since its last turn began."""
        return time.monotonic() - self._turned

    @property
    def is_stuck(self) -> bool:
        return self.idle > self.every + self.patience

    def wake(self) -> None:
        """Whoever works in it, here or in another process."""
        self.stir()
        for ring in self.alarms:
            ring(self.name)

    def stir(self) -> None:
        """Whoever works in it here."""
        self._due.set()

    def wake_on_commit(self) -> None:
        transaction.on_commit(self.wake)

    def look_in(self, seconds: float) -> None:
        """There is something to do by then, and nobody may wake it for that."""
        self._look_at = time.monotonic() + seconds

    @property
    def _pause(self) -> float:
        left = self._look_at - time.monotonic()
        return left if 0 < left < self.every else self.every

    def _make_way(self, until: threading.Event) -> None:
        """Rests after a turn that was not brief, until nobody wants to write."""
        end = time.monotonic() + self.rest * (self.idle > BRIEF)
        while self.writers.are_there and time.monotonic() < end:
            until.wait(LOOK)

    def work(self, drain: Callable[[], int], *, until: threading.Event) -> None:
        """Calls ``drain``, which returns how many rows it did, until told to stop. Trouble, such as
        a database that is away, is logged and waited out: the rows stay due. All who work in a lane
        do the same there; another kind of work needs one of its own."""
        self._drain, self._until = drain, until
        self._places.release()
        self.at_work.add(self)
        while not until.is_set():
            if not self._turn(patience=self.every):
                self._due.wait(self._pause)
            else:
                self._make_way(until)
        self.at_work.discard(self)
        connections.close_all()

    def catch_up(self) -> None:
        """Takes turns until nothing is left, beside those that work here, and no more at a time
        than they are: where all are at it, one of them looks once more."""
        self.stir()
        while self._turn(patience=0) and not self._until.is_set():
            pass

    def _turn(self, *, patience: float) -> int:
        """Waits so many seconds for a place."""
        if not self._places.acquire(timeout=patience):
            return 0
        try:
            self._due.clear()
            self._turned = time.monotonic()
            return self._drained(self._drain)
        finally:
            self._places.release()

    def _drained(self, drain: Callable[[], int]) -> int:
        close_old_connections()
        try:
            return drain()
        except DatabaseError as problem:
            log.warning("The %s lane waits for the database: %s", self.name, problem)
        except Exception:
            log.exception("The %s lane waits after trouble", self.name)
        connections.close_all()
        return 0


#: How long a write is insisted on, and between two tries, in seconds.
INSISTENCE, BREATH = 60.0, 0.5

Result = TypeVar("Result")


def insist(write: Callable[[], Result]) -> Result:
    """For what nobody could find out again, such as what a partner has just answered: waits for a
    database that is away."""
    until = time.monotonic() + INSISTENCE
    while True:
        try:
            return write()
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(BREATH)
            close_old_connections()


_side_work = ThreadPoolExecutor(2, thread_name_prefix="side-work")


def soon(function: Callable[..., None], *arguments: object) -> None:
    """For what may be lost with the process, and must not hold up anything else."""
    _side_work.submit(function, *arguments)


INBOX = Lane("inbox")
#: Partners may take long to answer, several times in one turn.
OUTBOX = Lane("outbox", patience=300.0)
JOBS = Lane("jobs", patience=300.0)
UPKEEP = Lane("upkeep", every=5.0, patience=600.0)
#: So may a mail server.
MAIL = Lane("mail", every=30.0, patience=300.0)
LETTERS = Lane("letters", every=30.0, patience=300.0)
ANSWERS = Lane("answers", every=30.0, patience=300.0)
