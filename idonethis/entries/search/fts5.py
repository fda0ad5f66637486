"""SQLite's index of words: a table of FTS5 without content beside the log, which triggers keep
right, whoever writes an entry and how.

No prefixes are indexed: one that all of 200 000 entries say is looked up in some 10 ms all the
same, and with them the index would be twice as large."""

from __future__ import annotations

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "entries_words"
#: The lower bits of a row's number are the key of its entry; above is its day, by which astronomers
#: count: so many days before the first that Python knows.
BITS, DAYS_BEFORE = 40, 1721424
COLUMNS = "rowid, body, url, about"
ROW = (
    f"(CAST(julianday({{0}}occurred_on) AS INTEGER) << {BITS}) + {{0}}id, {{0}}body, {{0}}url, "
    "'t' || {0}team_id || ' u' || {0}user_id || ' k' || hex({0}kind) || ' c' || hex({0}created_by)"
)
NAMES = "occurred_on body url team_id user_id kind created_by deleted_at"
CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in NAMES.split())
ADD = f"INSERT INTO {TABLE}({COLUMNS}) SELECT {ROW.format('NEW.')} WHERE NEW.deleted_at IS NULL;"
#: https://www.sqlite.org/fts5.html#contentless_tables
REMOVE = (
    f"INSERT INTO {TABLE}({TABLE}, {COLUMNS}) SELECT 'delete', {ROW.format('OLD.')} "
    "WHERE OLD.deleted_at IS NULL;"
)
TRIGGERS = {
    "entries_words_new": f"AFTER INSERT ON entries_entry BEGIN {ADD} END",
    "entries_words_gone": f"AFTER DELETE ON entries_entry BEGIN {REMOVE} END",
    "entries_words_changed": (
        f"AFTER UPDATE ON entries_entry WHEN {CHANGED} BEGIN {REMOVE} {ADD} END"
    ),
}
CREATE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(body, url, about, content='', "
    "tokenize='unicode61 remove_diacritics 2')"
)
#: In the order of its numbers, in which it is quickest.
FILL = (
    f"INSERT INTO {TABLE}({COLUMNS}) SELECT {ROW.format('')} FROM entries_entry "  # noqa: S608
    "WHERE deleted_at IS NULL ORDER BY occurred_on, id"
)
#: How many pages of what there is are merged at a time.
PORTION = 500
MERGE = f"INSERT INTO {TABLE}({TABLE}, rank) VALUES ('merge', %s)"  # noqa: S608


def is_known(connection: BaseDatabaseWrapper) -> bool:
    """Whether this SQLite has FTS5. https://www.sqlite.org/compile.html#enable_fts5"""
    return _counts(connection, "pragma_module_list WHERE name = 'fts5'") > 0


def is_kept(connection: BaseDatabaseWrapper) -> bool:
    triggers = f"sqlite_master WHERE type = 'trigger' AND name IN {(*TRIGGERS,)}"
    return is_known(connection) and _counts(connection, triggers) == len(TRIGGERS)


def _counts(connection: BaseDatabaseWrapper, rows: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {rows}")  # noqa: S608
        return int(cursor.fetchone()[0])


def ensure(connection: BaseDatabaseWrapper) -> None:
    """Made anew where it is not kept: it was not there yet, a migration has rebuilt the log's table
    and the triggers went with it, or this database was on a SQLite without FTS5. There, entries
    can be written because the triggers go. All of it or nothing: a million entries take half a
    minute, in which nobody else writes any."""
    with transaction.atomic(connection.alias):
        if not is_known(connection):
            lift(connection)
        elif not is_kept(connection):
            remove(connection)
            _run(connection, CREATE, FILL)
            _run(connection, *(f"CREATE TRIGGER {name} {does}" for name, does in TRIGGERS.items()))


def lift(connection: BaseDatabaseWrapper) -> None:
    _run(connection, *(f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS))


def remove(connection: BaseDatabaseWrapper) -> None:
    lift(connection)
    _run(connection, f"DROP TABLE IF EXISTS {TABLE}")


def forget(connection: BaseDatabaseWrapper) -> bool:
    """What was removed stays in older parts of the index until they are merged with newer ones.
    Merges the next few pages of all there is; whether there may be more.
    https://www.sqlite.org/fts5.html#the_merge_command"""
    if not is_kept(connection):
        return False
    before = connection.connection.total_changes
    with connection.cursor() as cursor:
        cursor.execute(MERGE, [-PORTION])
    return bool(connection.connection.total_changes - before >= 2)


def _run(connection: BaseDatabaseWrapper, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
