"""Copies of SQLite files, made while others write. https://www.sqlite.org/backup.html"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from idonethis.checkpoints import NEVER

#: Pages between two reports of progress.
STEP = 2000

Progress = Callable[[str, int, int], None]


def copy(source: Path, target: Path, *, tell: Progress) -> dict[str, int]:
    """As it is at one instant, which the transaction holds on to; so writers go on, and none of
    them makes the copy start over. Returns rows by table."""
    with closing(_opened(source)) as reading, closing(_opened(target)) as writing:
        reading.executescript(NEVER)
        reading.execute("BEGIN")
        counts = _counts(reading)

        def progress(status: int, remaining: int, total: int) -> None:
            tell(source.name, total - remaining, total)

        reading.backup(writing, pages=STEP, progress=progress)
        reading.execute("COMMIT")
        # One file alone, without the log that would lie beside it.
        writing.execute("PRAGMA journal_mode=DELETE")
    return counts


def examine(path: Path) -> dict[str, int]:
    """Rows by table of a copy that is whole. Raises sqlite3.DatabaseError."""
    with closing(_opened(path)) as opened:
        found = opened.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise sqlite3.DatabaseError(str(found[0][0]))
        return _counts(opened)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=20, isolation_level=None)


def _counts(opened: sqlite3.Connection) -> dict[str, int]:
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = [name for (name,) in opened.execute(named)]
    counting = {table: f'SELECT count(*) FROM "{table}"' for table in tables}  # noqa: S608
    return {table: opened.execute(sql).fetchone()[0] for table, sql in counting.items()}
