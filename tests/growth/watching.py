"""What the databases are asked while something is done, and how they go about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connections

from tests.growth.plans import Plan, of_postgresql, of_sqlite

#: Neither reads a table: a row that is stored, and the beginnings and ends of transactions.
UNPLANNED = ("INSERT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "EXPLAIN")


@dataclass(frozen=True)
class Query:
    alias: str
    sql: str
    values: Any

    @property
    def is_planned(self) -> bool:
        return not self.sql.lstrip().startswith(UNPLANNED)

    def plan(self) -> Plan:
        if self._vendor == "sqlite":
            return of_sqlite(self.sql, self._rows("EXPLAIN QUERY PLAN"))
        ((found,),) = self._rows("EXPLAIN (FORMAT JSON)")
        return of_postgresql(self.sql, _parsed(found))

    def effort(self) -> int:
        """How much is looked at for it: steps of SQLite's machine, rows that PostgreSQL reads. Of
        what changes rows nothing is known, for that would change them once more."""
        if not self.sql.lstrip().startswith(("SELECT", "WITH")):
            return 0
        return self._steps() if self._vendor == "sqlite" else self._rows_read()

    @property
    def _vendor(self) -> str:
        return connections[self.alias].vendor

    def _rows(self, explain: str = "") -> list[tuple[Any, ...]]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(f"{explain} {self.sql}", self.values)
            return cursor.fetchall()

    def _steps(self) -> int:
        """https://www.sqlite.org/c3ref/progress_handler.html"""
        counted, every = [0], 10

        def count() -> int:
            counted[0] += every
            return 0

        connection = connections[self.alias].connection
        connection.set_progress_handler(count, every)
        try:
            self._rows()
        finally:
            connection.set_progress_handler(None, 0)
        return counted[0]

    def _rows_read(self) -> int:
        ((found,),) = self._rows("EXPLAIN (ANALYZE, FORMAT JSON)")
        return sum(map(_read, _nodes(_parsed(found)["Plan"])))


def _parsed(found: Any) -> dict[str, Any]:
    return (json.loads(found) if isinstance(found, str) else found)[0]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for each in node.get("Plans", ()):
        yield from _nodes(each)


def _read(node: dict[str, Any]) -> int:
    if "Relation Name" not in node:
        return 0
    passed_over = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    rows = node["Actual Rows"] + sum(node.get(name, 0) for name in passed_over)
    return int(rows * node["Actual Loops"])


@contextmanager
def watched() -> Iterator[list[Query]]:
    """All that Django asks the databases meanwhile."""
    asked: list[Query] = []
    with ExitStack() as stack:
        for alias in settings.DATABASES:
            wrap = connections[alias].execute_wrapper(partial(_note, asked, alias))
            stack.enter_context(wrap)
        yield asked


def _note(asked, alias, execute, sql, params, many, context):
    asked.append(Query(alias, sql, params[0] if many else params))
    return execute(sql, params, many, context)


@dataclass(frozen=True)
class Seen:
    """What something asked, how that was planned, and what it cost."""

    count: int
    plans: tuple[Plan, ...]
    effort: int

    @classmethod
    def of(cls, asked: list[Query]) -> Seen:
        planned = [each for each in asked if each.is_planned]
        plans = tuple(each.plan() for each in planned)
        return cls(len(planned), plans, sum(each.effort() for each in planned))
