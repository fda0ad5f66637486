from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from idonethis.moving.columns import Column

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """``numbered``: the database itself gives the next key."""

    name: str
    columns: tuple[Column, ...]
    key: Column
    numbered: bool

    @classmethod
    def of(cls, model: type[models.Model]) -> Table:
        about = model._meta
        columns = tuple(Column.of(field) for field in about.local_concrete_fields)
        return cls(about.db_table, columns, Column.of(about.pk), about.auto_field is not None)

    @property
    def quoted(self) -> str:
        return connection.ops.quote_name(self.name)

    @property
    def quoted_columns(self) -> str:
        return ", ".join(connection.ops.quote_name(column.name) for column in self.columns)

    @property
    def quoted_key(self) -> str:
        return connection.ops.quote_name(self.key.name)

    def read(self, stored: Sequence[Any]) -> Row:
        pairs = zip(self.columns, stored, strict=True)
        return tuple(column.read(value) for column, value in pairs)

    def exact(self, row: Sequence[Any] | None) -> Row | None:
        """The same for the same row, from whichever side; None where there is none."""
        if row is None:
            return None
        pairs = zip(self.columns, row, strict=True)
        return tuple(column.exact(value) for column, value in pairs)

    def refusals(self, stored: Sequence[Any]) -> Iterator[str]:
        """What of this row PostgreSQL cannot hold, for people."""
        for column, value in zip(self.columns, stored, strict=True):
            if problem := column.refusal(value):
                yield f"{self.named(stored)}: {column.name} {problem}"

    def named(self, row: Sequence[Any]) -> str:
        names = [column.name for column in self.columns]
        return f"{self.name}, {self.key.name} {row[names.index(self.key.name)]}"


def tables() -> list[Table]:
    """All that this version has."""
    known = apps.get_models(include_auto_created=True)
    ours = [Table.of(model) for model in known if model._meta.can_migrate(connection)]
    return sorted(ours, key=lambda table: table.name)
