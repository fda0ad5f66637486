"""New rows of a table, stored together. It is what ``bulk_create`` does, at half the cost: by few
statements that are each prepared once, and without asking every value how it wants to be stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

#: Rows a statement. The rest goes by 16, 8, 4, 2 and 1, so that there are no more statements.
TOGETHER = 32
#: Fields whose values databases take as they are.
PLAIN = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.ForeignKey,
)


class Table:
    """How a model is stored, whose values are plain ones: no expressions, and no defaults that only
    the database knows."""

    def __init__(self, model: type[models.Model]) -> None:
        meta = model._meta
        fields: list[Any] = [each for each in meta.concrete_fields if each is not meta.pk]
        self._values = itemgetter(*(each.attname for each in fields))
        self._dated = [each for each in fields if getattr(each, "auto_now_add", False)]
        self._dated += [each for each in fields if getattr(each, "auto_now", False)]
        self._keys = [each for each in fields if isinstance(each, models.ForeignKey)]
        self._others = [(n, each) for n, each in enumerate(fields) if not isinstance(each, PLAIN)]
        columns = ", ".join(each.column for each in fields)
        self._insert = f"INSERT INTO {meta.db_table} ({columns}) VALUES "  # noqa: S608
        self._row = f"({', '.join(['%s'] * len(fields))})"

    def store(self, rows: Sequence[models.Model]) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            for some in _portions(rows):
                sql = self._insert + ", ".join([self._row] * len(some)) + " RETURNING id"
                values = [value for row in some for value in self._of(row, connection)]
                cursor.execute(sql, values)
                for row, (pk,) in zip(some, cursor.fetchall(), strict=True):
                    row.pk, row._state.adding, row._state.db = pk, False, connection.alias

    def _of(self, row: models.Model, connection: Any) -> list[Any]:
        for field in self._dated:
            field.pre_save(row, True)
        for field in self._keys:
            self._follow(row, field)
        values = list(self._values(vars(row)))
        for place, field in self._others:
            if values[place] is not None:
                values[place] = field.get_db_prep_save(values[place], connection)
        return values

    def _follow(self, row: models.Model, field: Any) -> None:
        """What it belongs to may have been stored since it was said to."""
        if vars(row)[field.attname] is None and field.is_cached(row):
            setattr(row, field.name, getattr(row, field.name))


def _portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    begin = 0
    while left := len(rows) - begin:
        size = min(TOGETHER, 1 << left.bit_length() - 1)
        yield rows[begin : begin + size]
        begin += size


table = cache(Table)


def store(rows: Sequence[models.Model]) -> None:
    """These, of one model; in a transaction. They have their primary keys then."""
    if rows:
        table(type(rows[0])).store(rows)
