"""Questions that are asked again and again, with other values each time. Django puts the SQL of a
question together whenever it is asked, and of a small one that is nearly all it costs; these are
put together once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models

Row = TypeVar("Row")


class Slot(models.Expression):
    """Stands for a value that is not known yet."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


@dataclass(frozen=True)
class Compiled:
    """``rows`` as they are asked for: by this SQL, and these values, of which some are slots."""

    rows: models.QuerySet[Any, Any]
    compiler: Any
    sql: str
    values: Sequence[Any]

    @classmethod
    def of(cls, rows: models.QuerySet[Any, Any]) -> Compiled | None:
        """None, where no row could be found, whatever is said."""
        compiler: Any = rows.query.get_compiler(using=rows.db)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return None
        converters = compiler.get_converters([each for each, *_ in compiler.select])
        compiler.get_converters = lambda _: converters
        return cls(rows, compiler, sql, values)

    def ask(self, said: Sequence[Any]) -> list[Any]:
        values = [said[each.place] if isinstance(each, Slot) else each for each in self.values]
        rows, compiler = self.rows.all(), copy(self.compiler)
        compiler.connection = connections[self.rows.db]  # of this thread
        compiler.as_sql = lambda *_, **__: (self.sql, values)
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(rows)


class Prepared(Generic[Row]):
    """``ask`` is given a slot for each value, and for each list of them a list of slots; it says
    which rows are looked for. Values are such as the database takes: numbers and text."""

    def __init__(self, ask: Callable[..., models.QuerySet[Any, Row]]) -> None:
        self._ask = ask
        self._compiled: dict[tuple[int, ...], Compiled | None] = {}

    def __call__(self, *values: Any) -> list[Row]:
        lists = [_filled_up(each) if isinstance(each, list) else each for each in values]
        shape = tuple(len(each) if isinstance(each, list) else -1 for each in lists)
        if shape not in self._compiled:
            self._compiled[shape] = Compiled.of(self._ask(*_slots(shape)))
        compiled = self._compiled[shape]
        return compiled.ask([*_flat(lists)]) if compiled else []

    def first(self, *values: Any) -> Row | None:
        return next(iter(self(*values)), None)


def _filled_up(values: list[Any]) -> list[Any]:
    """Said again at the end until they are 1, 2, 4, 8, or so: there are not so many questions."""
    wanted = 1 << (len(values) - 1).bit_length() if values else 0
    return values + values[-1:] * (wanted - len(values))


def _slots(shape: Sequence[int]) -> Iterator[Any]:
    places = count()
    for length in shape:
        slots = [Slot(next(places)) for _ in range(abs(length))]
        yield slots[0] if length < 0 else slots


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for each in values:
        yield from each if isinstance(each, list) else [each]
