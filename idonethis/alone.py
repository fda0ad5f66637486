"""Who may have the data: any number of commands beside one server, or nobody but who restores or
moves it."""

from __future__ import annotations

import fcntl
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.db import connection, transaction

#: Where a restore on SQLite lays out what it brings; while it stands, a restore is not finished.
RESTORING = "restoring"
#: Names our lock among those of a PostgreSQL database.
#: https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
LOCK = 18151210
#: For how long a session that was closed may still be listed, in seconds.
ENDING = 1.0


class AlreadyRunning(Exception):
    """Another process has this data. The message is fit for people."""


@contextmanager
def serving() -> Iterator[None]:
    """Two processes that write the same SQLite file fight; on PostgreSQL any number may serve.
    Raises AlreadyRunning."""
    if settings.INBOX == "inbox":
        with _locked(settings.DATA / "lock"):
            _refuse_half_restored(settings.DATA / RESTORING)
            yield
    else:
        _refuse_while_restored()
        yield


@contextmanager
def replacing() -> Iterator[None]:
    """Everything may be replaced, since nobody else has it. Raises AlreadyRunning."""
    if settings.INBOX == "inbox":
        with _locked(settings.DATA / "lock"):
            yield
    else:
        with _only_session():
            yield


@contextmanager
def moving() -> Iterator[None]:
    """A transaction of the PostgreSQL database of the settings, into which the SQLite files of the
    data folder are moved: until it ends, no server starts on either. Raises AlreadyRunning."""
    with _locked(settings.DATA / "lock"):
        _refuse_half_restored(settings.DATA / RESTORING)
        with transaction.atomic():
            _hold_off()
            yield


@contextmanager
def one_at_a_time(name: str) -> Iterator[bool]:
    """Whether nobody else does what is called so just now, whichever process they are."""
    if settings.INBOX == "inbox":
        with (settings.DATA / f"{name}.lock").open("w") as lock:
            yield _is_ours(lock)
    else:
        with _advised(name, "pg_try_advisory_lock") as mine:
            yield bool(mine)


@contextmanager
def in_turn(name: str) -> Iterator[None]:
    """Waits until nobody else does what is called so. SQLite has one process anyway."""
    if settings.INBOX == "inbox":
        yield
    else:
        with _advised(name, "pg_advisory_lock"):
            yield


def _is_ours(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def _advised(name: str, ask: str) -> Iterator[Any]:
    """What PostgreSQL answers; False, where it is not ours. The lock of a process that dies goes
    with its session."""
    number = LOCK + zlib.crc32(name.encode())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ask}(%s)", [number])
        mine = cursor.fetchone()[0]
        try:
            yield mine
        finally:
            if mine is not False:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _hold_off() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning("Another process fills this database.")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        if not _is_ours(lock):
            raise AlreadyRunning(f"I Done This already runs on {path.parent}.")
        yield


def _refuse_half_restored(folder: Path) -> None:
    if folder.exists():
        raise AlreadyRunning(f"A restore into {folder.parent} was interrupted: run it again.")


def _refuse_while_restored() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock_shared(%s)", [LOCK])
        is_free = cursor.fetchone()[0]
        cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [LOCK])
    if not is_free:
        raise AlreadyRunning("A backup is being restored into this database, or a log moved.")


@contextmanager
def _only_session() -> Iterator[None]:
    """By a session of its own, since a restore closes the others."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0] or _others(cursor):
                raise AlreadyRunning("Somebody is connected to this database.")
        yield
    finally:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        own.close()


def _others(cursor: Any) -> int:
    """How many sessions there are besides this one. Django's own of this process is closed; the
    database lets go of what was closed a moment later."""
    connection.close()
    until = time.monotonic() + ENDING
    while (count := other_sessions(cursor)) and time.monotonic() < until:
        time.sleep(0.05)
    return count


def other_sessions(cursor: Any) -> int:
    """How many have this PostgreSQL database open besides the one that asks."""
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    return int(cursor.fetchone()[0])
