"""Whether this process can do its work, and why not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from idonethis import schema
from idonethis.background import Lane
from idonethis.checkpoints import NEVER
from idonethis.metrics import Gauge

#: How long a file may be locked by others before it counts as not writable, in seconds.
PATIENCE = 2.0

_fits = False


def reasons() -> list[str]:
    """Why hooks and people should be sent elsewhere; none, where all is well."""
    close_old_connections()
    try:
        troubled = [*_unwritable(), *_unmigrated()]
    except (DatabaseError, sqlite3.Error) as problem:
        troubled = [f"The database does not answer: {problem}".strip()]
    finally:
        close_old_connections()
    return [*troubled, *_stuck()]


def _unwritable() -> Iterator[str]:
    for alias in settings.DATABASES:
        try:
            write(alias)
        except (DatabaseError, sqlite3.Error) as problem:
            yield f"The database “{alias}” cannot be written: {problem}".strip()


def write(alias: str) -> None:
    """Raises DatabaseError or sqlite3.Error where nothing can be written."""
    if connections[alias].vendor == "sqlite":
        _write_sqlite(connections[alias].settings_dict["NAME"])
    else:
        _write_postgresql(alias)


def _write_sqlite(path: str) -> None:
    """A real write that changes nothing: a full disk shows only then."""
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as opened:
        opened.executescript(NEVER)
        opened.execute("BEGIN IMMEDIATE")
        version = opened.execute("PRAGMA user_version").fetchone()[0]
        opened.execute(f"PRAGMA user_version = {version}")
        opened.execute("COMMIT")


def _write_postgresql(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool"
        )
        if cursor.fetchone()[0]:
            raise DatabaseError("it takes no writes now")


def _unmigrated() -> Iterator[str]:
    """Once they fit they stay so: only a restart brings other code."""
    global _fits
    _fits = _fits or not schema.pending()
    if not _fits:
        yield "The tables are not those of this version: idonethis up brings them there."


def _stuck() -> Iterator[str]:
    for lane in sorted(Lane.at_work, key=lambda lane: lane.name):
        if lane.is_stuck:
            yield f"The {lane.name} lane has been at the same turn for {lane.idle:.0f} seconds."
    if not Lane.at_work:
        yield "Nobody works on what is stored: the workers do not run."


def _idle() -> dict[tuple[str, ...], float]:
    return {(lane.name,): lane.idle for lane in Lane.at_work}


GAUGES = (
    Gauge("idonethis_lane_seconds", "How long a worker has been at its turn.", _idle, ("lane",)),
)
