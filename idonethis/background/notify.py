"""Waking by PostgreSQL itself: who works listens, and who has stored something says so. All who
listen hear it, and claim what they can.

https://www.postgresql.org/docs/current/sql-notify.html
https://www.psycopg.org/psycopg3/docs/advanced/async.html#asynchronous-notifications"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence

import psycopg
from django.db import DatabaseError, close_old_connections, connection

from idonethis.background import Lane
from idonethis.background.alarm import Unheard

log = logging.getLogger(__name__)

CHANNEL = "idonethis"
#: How soon whoever listens notices that it is told to stop, in seconds.
PATIENCE = 0.5
#: After so many of them in silence, whether the database is still there.
SILENCES = 20
#: Between two tries to listen again, in seconds.
BREATH = 1.0


class Notify:
    """A way that needs nothing but the database. One statement, and so a transaction, of its own:
    it is said after the rows are there, and holds up nobody who stores some."""

    def tell(self, lanes: Sequence[str]) -> None:
        close_old_connections()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, ",".join(lanes)])
        except DatabaseError as problem:
            connection.close()
            raise Unheard(str(problem).strip()) from problem


class Listener:
    """Stirs the lanes that work here when somebody elsewhere says so, by a connection of its own,
    which is opened anew when it is cut."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="idonethis-listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except (DatabaseError, psycopg.Error) as problem:
                log.warning("Nothing is heard from PostgreSQL just now: %s", str(problem).strip())
                connection.close()
                self._stopping.wait(BREATH)
        connection.close()

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
            # Nobody heard what was said before.
            stir(lane.name for lane in list(Lane.at_work))
            while not self._stopping.is_set():
                for _ in range(SILENCES):
                    self._hear()
                cursor.execute("SELECT 1")

    def _hear(self) -> None:
        if not self._stopping.is_set():
            for said in connection.connection.notifies(timeout=PATIENCE, stop_after=1):
                stir(said.payload.split(","))


def stir(names: Iterable[str]) -> None:
    wanted = set(names)
    for lane in list(Lane.at_work):
        if lane.name in wanted:
            lane.stir()
