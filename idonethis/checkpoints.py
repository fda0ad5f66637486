"""When SQLite carries what was written from its log over into its file.

Until 3.51.3, a checkpoint in the very moment in which another connection commits can lose pages and
corrupt the file, whether that connection is of this process or of another:
https://www.sqlite.org/wal.html#walresetbug. So no connection checkpoints by itself. The server does
it for all, and nobody can write meanwhile. What the last connection does when it closes is safe: it
has the file for itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

#: For every connection: it never checkpoints by itself.
NEVER = "PRAGMA wal_autocheckpoint=0;"
#: The first versions without the fault, by release line; newer lines have none.
MENDED: dict[tuple[int, ...], int] = {(3, 44): 6, (3, 50): 7, (3, 51): 3}


def checkpoint() -> int:
    """For every SQLite database; returns 0, since there is nothing to do at once again."""
    for alias in connections:
        if connections[alias].vendor == "sqlite":
            _checkpoint(connections[alias].settings_dict["NAME"])
    return 0


def _checkpoint(path: Path) -> None:
    with closing(_opened(path)) as gate, closing(_opened(path)) as carrier:
        gate.execute("BEGIN IMMEDIATE")
        carrier.execute("PRAGMA wal_checkpoint(PASSIVE)")
        gate.execute("ROLLBACK")


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=20, isolation_level=None)


def is_faulty(version: tuple[int, ...]) -> bool:
    line = version[:2]
    return line < (3, 52) and version[2] < MENDED.get(line, 1_000)


@register(Tags.database)
def careful(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Settings of somebody's own may forget what ours take care of."""
    aliases = databases if is_faulty(sqlite3.sqlite_version_info) else None
    return [_warning(alias) for alias in aliases or () if _checkpoints_by_itself(alias)]


def _checkpoints_by_itself(alias: str) -> bool:
    if connections[alias].vendor != "sqlite":
        return False
    with connections[alias].cursor() as cursor:
        return bool(cursor.execute("PRAGMA wal_autocheckpoint").fetchone()[0])


def _warning(alias: str) -> Warning:
    return Warning(
        f"SQLite {sqlite3.sqlite_version} can corrupt the database “{alias}”: it is older than "
        "3.51.3, and its connections checkpoint by themselves.",
        hint=f"Put “{NEVER}” into its init_command, or use PostgreSQL.",
        id="idonethis.W001",
    )
