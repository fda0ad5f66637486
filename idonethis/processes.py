"""Which processes share a PostgreSQL. Each has a session that bears its name, and says something on
it now and then: who is killed is gone from the list at once, and who hangs is silent.

https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from idonethis import __version__

#: Of a name, as PostgreSQL keeps it.
LONGEST = 63
#: What each of our names begins with.
OURS = "idonethis"
LISTED = """
    SELECT application_name, extract(epoch FROM clock_timestamp() - query_start)
    FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE %s
    ORDER BY application_name
"""


@dataclass(frozen=True)
class Process:
    """``at`` is its machine and process number, ``age`` of its last sign of life in seconds."""

    part: str
    version: str
    at: str
    stuck: tuple[str, ...]
    age: float


def sign(part: str, stuck: Sequence[str]) -> None:
    """This process lives, and these of its lanes are stuck."""
    at = f"{socket.gethostname()[:20]}:{os.getpid()}"
    name = f"{OURS} {part} {__version__} {at} {','.join(stuck)}".strip()[:LONGEST]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [name])


def listed() -> list[Process]:
    """Those that are connected to this database, also the silent ones."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED, [f"{OURS} %"])
        return [_process(name, age) for name, age in cursor.fetchall()]


def _process(name: str, age: float) -> Process:
    _, part, version, at, *stuck = [*name.split(" "), "", "", ""][:5]
    return Process(part, version, at, tuple(",".join(stuck).split(",")) if any(stuck) else (), age)
