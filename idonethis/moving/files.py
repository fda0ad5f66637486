"""The side that is left: SQLite’s two files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from idonethis.checkpoints import NEVER
from idonethis.entries.search import fts5
from idonethis.moving import CannotMove
from idonethis.moving.tables import Row, Table

#: The file that is opened, and the one that is attached to it, by the names SQLite has for them.
LOG, INBOX = "main", "inbox"
#: How long a command that writes is waited for, in seconds.
PATIENCE = 5


@contextmanager
def opened(folder: Path) -> Iterator[Files]:
    """As they are at one instant: commands that write wait until this is through. Raises CannotMove
    where they are not there."""
    paths = [folder / "log.sqlite3", folder / "inbox.sqlite3"]
    if not all(path.exists() and path.stat().st_size for path in paths):
        raise CannotMove(f"There is no log in SQLite files in {folder}.")
    log, inbox = (f"{path.resolve().as_uri()}?mode=rw" for path in paths)
    with closing(
        sqlite3.connect(log, uri=True, timeout=PATIENCE, isolation_level=None)
    ) as connection:
        connection.text_factory = _text
        connection.execute(f"ATTACH ? AS {INBOX}", [inbox])
        connection.executescript(NEVER)
        connection.execute("BEGIN IMMEDIATE")
        yield Files(connection)


def _text(stored: bytes) -> str:
    """Bytes that are no UTF-8 stay to be seen, instead of ending the reading."""
    return stored.decode(errors="surrogateescape")


class Files:
    """A table is found by its name in whichever file has it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def applied(self, file: str) -> set[str]:
        """The migrations that have made the tables in it."""
        asked = f"SELECT app || '.' || name FROM {file}.django_migrations"  # noqa: S608
        return {name for (name,) in self._connection.execute(asked)}

    def strangers(self, known: Iterable[Table]) -> list[str]:
        """Tables that this version has no use for. The index of words is made anew over there."""
        asked = " UNION ".join(
            f"SELECT name FROM {file}.sqlite_master WHERE type = 'table' "  # noqa: S608
            f"AND name NOT GLOB '{fts5.TABLE}*'"
            for file in (LOG, INBOX)
        )
        ours = {"django_migrations", *(table.name for table in known)}
        found = {name for (name,) in self._connection.execute(asked)}
        return sorted(name for name in found - ours if not name.startswith("sqlite_"))

    def count(self, table: Table) -> int:
        asked = f"SELECT count(*) FROM {table.quoted}"  # noqa: S608
        return int(self._connection.execute(asked).fetchone()[0])

    def rows(self, table: Table) -> Iterator[Row]:
        """As they are stored, by key."""
        asked = f"SELECT {table.quoted_columns} FROM {table.quoted} ORDER BY {table.quoted_key}"  # noqa: S608
        return iter(self._connection.execute(asked))

    def highest(self, table: Table) -> int:
        """The highest key that was ever given, also to a row that is gone: others may name it.
        https://www.sqlite.org/autoinc.html"""
        asked = " UNION ALL ".join(
            f"SELECT seq FROM {file}.sqlite_sequence WHERE name = :table"  # noqa: S608
            for file in (LOG, INBOX)
        )
        given = self._connection.execute(asked, {"table": table.name}).fetchall()
        return max((int(seq) for (seq,) in given), default=0)
