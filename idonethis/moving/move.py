from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, zip_longest
from pathlib import Path

from django.db import DatabaseError, connection

from idonethis import schema
from idonethis.alone import moving
from idonethis.moving import CannotMove, database
from idonethis.moving.files import INBOX, LOG, Files, opened
from idonethis.moving.tables import Row, Table, tables

#: So many rows of those that PostgreSQL cannot hold are named.
MOST = 10
#: Rows between two reports of progress.
STEP = 5000

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class MovedTable:
    """``digest``: of its rows, in the order of their keys, as both sides hold them."""

    name: str
    rows: int
    digest: str


@dataclass(frozen=True)
class Moved:
    """``left``: tables in the files that this version has no use for."""

    tables: tuple[MovedTable, ...]
    left: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def move(folder: Path, *, tell: Progress) -> Moved:
    """What is in the SQLite files of this folder, into the database of the settings. Raises
    CannotMove or AlreadyRunning, and then nothing has changed."""
    try:
        with moving(), opened(folder) as files:
            return Move(files, tell).run()
    except (DatabaseError, sqlite3.Error) as problem:
        raise CannotMove(f"{problem}".strip()) from problem


class Move:
    def __init__(self, files: Files, tell: Progress) -> None:
        self._files = files
        self._tell = tell
        self._tables = tables()

    def run(self) -> Moved:
        database.refuse_unfit()
        self._refuse_other_versions()
        self._refuse_what_does_not_fit()
        schema.lay_out()
        database.defer_references()
        for table in self._tables:
            self._copy(table)
        connection.check_constraints()
        compared = tuple(self._compared(table) for table in self._tables)
        return Moved(compared, tuple(self._files.strangers(self._tables)))

    def _refuse_other_versions(self) -> None:
        for file in (LOG, INBOX):
            applied = self._files.applied(file)
            if newer := schema.unknown(applied):
                raise CannotMove(f"A newer version has written these files ({newer[0]}).")
            if older := schema.missing(applied):
                raise CannotMove(
                    f"These files are of an older version, without {older[0]}. Start “idonethis "
                    "up” on them once, stop it, and move them then."
                )

    def _refuse_what_does_not_fit(self) -> None:
        found = list(islice(self._refusals(), MOST + 1))
        if found:
            more = "; and more" if len(found) > MOST else ""
            raise CannotMove(
                f"PostgreSQL cannot hold some of it. {'; '.join(found[:MOST])}{more}. Change or "
                "delete these rows first."
            )

    def _refusals(self) -> Iterator[str]:
        for table in self._tables:
            for stored in self._told("Looking at", table, self._files.rows(table)):
                yield from table.refusals(stored)

    def _copy(self, table: Table) -> None:
        stored = self._told("Copying", table, self._files.rows(table))
        database.fill(table, map(table.read, stored))
        if table.numbered and (highest := self._files.highest(table)):
            database.number_on(table, highest)

    def _compared(self, table: Table) -> MovedTable:
        """Reads both sides again. Raises CannotMove where a row is not the same on both."""
        count, digest = 0, sha256()
        here = map(table.read, self._told("Comparing", table, self._files.rows(table)))
        for ours, theirs in zip_longest(here, database.rows(table)):
            row = table.exact(ours)
            if row != table.exact(theirs):
                named = table.named(ours or theirs)
                raise CannotMove(f"{named}: this row is not the same on both sides.")
            count += 1
            digest.update(repr(row).encode())
        return MovedTable(table.name, count, digest.hexdigest())

    def _told(self, doing: str, table: Table, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows, while it is said how far that is."""
        total = self._files.count(table)
        for number, row in enumerate(rows, 1):
            if number % STEP == 0 or number == total:
                self._tell(f"{doing} {table.name}", number, total)
            yield row
