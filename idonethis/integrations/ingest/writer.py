"""Group commit: many waiting hooks, one transaction, one fsync; nobody is answered before it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import ByteString, Callable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from zstandard import ZstdCompressor

from idonethis.background import INBOX
from idonethis.integrations.ingest.fair import Fair
from idonethis.integrations.ingest.inserting import insert
from idonethis.integrations.ingest.intake import Row, packed
from idonethis.passing import is_deadlock

log = logging.getLogger(__name__)

#: What one transaction may hold; bounded, so that the first in it does not wait for the last.
MOST_ROWS = 100
MOST_BYTES = 4 * 1024 * 1024
#: How long hooks wait where somebody else has SQLite's file, in milliseconds. Partners themselves
#: wait for three to ten seconds, and then they would not hear that they may come again.
BUSY = 5_000
#: The longest that what is taken may take to be stored when the server stops, in seconds.
STOP = 10.0


class Closed(Exception):
    """The server has stopped."""


#: Told how it ended: nothing, or the problem.
Stored = Callable[[Exception | None], None]


class Waiting(NamedTuple):
    rows: list[Row]
    loop: asyncio.AbstractEventLoop
    stored: Stored
    size: int


def store(rows: Sequence[Row]) -> None:
    """Durable when it returns. A row whose delivery is already there adds nothing. The driver is
    asked itself: Django's cursors rewrite the statement every time, and it has a thousand marks."""
    connection, rows = connections[settings.INBOX], once(rows)
    statement, told = insert(connection.vendor, len(rows)), values(rows, connection)
    if connection.connection is None:
        connect(connection)
    try:
        execute(connection, statement, told)
    except IntegrityError:
        # It was on its way to the rest when its day was made: see models/days.py.
        execute(connection, statement, told)


def values(rows: Sequence[Row], connection: BaseDatabaseWrapper) -> list[object]:
    at = connection.ops.adapt_datetimefield_value
    now = at(timezone.now())
    return [
        value
        for row, request in zip(rows, compressed(rows), strict=True)
        for value in (*row[:4], request, at(row.hook.received_at), row.state, now)
    ]


def once(rows: Sequence[Row]) -> list[Row]:
    """Of those that are the same delivery the first: a request must not be stored for each."""
    first = {row[:3]: row for row in reversed(rows)}
    return [row for row in rows if first[row[:3]] is row]


def execute(connection: BaseDatabaseWrapper, statement: str, values: Sequence[object]) -> None:
    with connection.wrap_database_errors:
        connection.connection.execute(statement, values)


def connect(connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.execute(f"PRAGMA busy_timeout={BUSY}")


def compressed(rows: Sequence[Row]) -> list[bytes]:
    """The requests as they are stored, all in one call: with one for each, this thread and the
    event loop would pass the interpreter to and fro at every row, and one core would idle.
    https://python-zstandard.readthedocs.io/en/latest/multithreaded_compression.html"""
    requests: list[ByteString] = [packed(row) for row in rows]
    packets = ZstdCompressor(level=-1).multi_compress_to_buffer(requests, threads=0)
    return [packets[number].tobytes() for number in range(len(packets))]


def _stored(batch: Sequence[Waiting]) -> Exception | None:
    """What went wrong, and nothing of it is stored; None, and all of it is."""
    try:
        store([row for waiting in batch for row in waiting.rows])
    except Exception as problem:
        log.warning("Hooks could not be stored: %s", problem)
        connections[settings.INBOX].close()
        return problem
    return None


class GroupCommit:
    """One thread that commits everything that waits, at once when it is idle. What came first of
    each link is next; a link that floods waits for itself."""

    def __init__(self) -> None:
        #: What the event loops have put in, and what of it this thread has looked at.
        self._new: deque[Waiting] = deque()
        self._waiting: Fair[Waiting] = Fair()
        self._something = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Commits and answers what was taken, then ends. Whose database does not answer is not
        waited for: nobody has heard that it was stored."""
        self._stopping = True
        self._something.set()
        self._thread.join(timeout=STOP)

    def put(self, rows: list[Row], stored: Stored) -> None:
        """``stored`` is called in this event loop when these rows are durable, or with what went
        wrong: Closed, or what the database raised."""
        if self._stopping:
            stored(Closed())
            return
        size = sum(len(row.hook.body) for row in rows)
        self._new.append(Waiting(rows, asyncio.get_running_loop(), stored, size))
        if not self._something.is_set():  # setting it takes a lock, set or not
            self._something.set()

    def _run(self) -> None:
        while True:
            self._something.wait()
            self._something.clear()
            while batch := self._batch():
                self._commit(batch)
            if self._stopping and not self._new:
                break
        connections[settings.INBOX].close()

    def _batch(self) -> list[Waiting]:
        self._line_up()
        batch: list[Waiting] = []
        rows = size = 0
        for waiting in self._waiting.take():
            batch.append(waiting)
            rows, size = rows + len(waiting.rows), size + waiting.size
            if rows >= MOST_ROWS or size >= MOST_BYTES:
                break
        return batch

    def _line_up(self) -> None:
        """Each behind the others of its link."""
        for _ in range(len(self._new)):
            waiting = self._new.popleft()
            self._waiting.put(waiting.rows[0][:2], waiting)

    def _commit(self, batch: list[Waiting]) -> None:
        problem = _stored(batch)
        if is_deadlock(problem):
            # Another process took the same deliveries in another order, and stores them now.
            problem = _stored(batch)
        if problem and not isinstance(problem, OperationalError) and len(batch) > 1:
            # It is about one of them, and no reason to refuse the others.
            self._commit(batch[: len(batch) // 2])
            self._commit(batch[len(batch) // 2 :])
            return
        if isinstance(problem, OperationalError):
            batch = [*batch, *self._meanwhile()]
        _tell(batch, problem)
        INBOX.wake()

    def _meanwhile(self) -> Iterator[Waiting]:
        """Whoever has come while the database was tried need not wait until it is tried again."""
        self._line_up()
        return self._waiting.take()


def _tell(batch: Sequence[Waiting], problem: Exception | None) -> None:
    for loop in {waiting.loop for waiting in batch}:
        told = [waiting.stored for waiting in batch if waiting.loop is loop]
        with suppress(RuntimeError):  # the loop has ended, and all connections with it
            loop.call_soon_threadsafe(_answer, told, problem)


def _answer(told: Sequence[Stored], problem: Exception | None) -> None:
    for stored in told:
        try:
            stored(problem)
        except Exception:
            log.exception("Somebody could not be answered; all others are")
