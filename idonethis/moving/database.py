"""The side that is moved to: the PostgreSQL database of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from idonethis import schema
from idonethis.moving import CannotMove
from idonethis.moving.tables import Row, Table
from idonethis.ui.words import numbered

#: Of these keys, each language sorts its own way; SQLite goes by their bytes.
BYTES = 'COLLATE "C"'


def refuse_unfit() -> None:
    """Raises CannotMove unless it is empty, and takes any text."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
        found = connection.introspection.table_names(cursor)
    if encoding != "UTF8":
        raise CannotMove(f"The database has the encoding {encoding}. Make one with UTF8.")
    if found:
        raise CannotMove(f"The database is not empty: {_held(found)}. Make an empty one.")


def _held(found: Sequence[str]) -> str:
    if "django_migrations" not in found:
        return f"it has {numbered(len(found), 'table', 'tables')}, such as {found[0]}"
    applied = schema.applied(connection)
    strange = [*schema.unknown(applied), *schema.missing(applied)]
    return f"a log of another version is in it ({strange[0]})" if strange else "a log is in it"


def defer_references() -> None:
    """Rows may come before those that they name. Migrations leave some references to be checked at
    once until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def fill(table: Table, rows: Iterable[Row]) -> None:
    """Holds a few of them at a time. https://www.psycopg.org/psycopg3/docs/basic/copy.html"""
    asked = f"COPY {table.quoted} ({table.quoted_columns}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(asked) as copy:
        for row in rows:
            copy.write_row(row)


def number_on(table: Table, highest: int) -> None:
    """The next row that it numbers gets a key behind this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
            [table.quoted, table.key.name, highest],
        )


def rows(table: Table) -> Iterator[Row]:
    """By key, as SQLite sorts them."""
    by = f"{table.quoted_key} {BYTES if table.key.is_text else ''}"
    asked = f"SELECT {table.quoted_columns} FROM {table.quoted} ORDER BY {by}"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(asked)
        yield from cursor
