"""Rows that are work: taken by one worker at a time, and by another if that one dies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import connections, models, transaction
from django.utils import timezone

#: Waits between attempts, in seconds; the last one repeats until the attempts are used up.
BACKOFF = (5, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)

Row = TypeVar("Row", bound="Leased")
AnyRow = TypeVar("AnyRow", bound=models.Model)


def backoff(attempts: int) -> timedelta:
    return timedelta(seconds=BACKOFF[min(attempts, len(BACKOFF)) - 1])


def untried() -> dict[str, Any]:
    """Due at once, as if nobody had tried it yet."""
    return {"due_at": timezone.now(), "attempts": 0}


def taken(rows: Iterable[AnyRow], column: str, *, until: datetime) -> Iterator[AnyRow]:
    """Those of these that are ours: of two workers that see one, one moves its ``column`` on."""
    for row in rows:
        same = type(row)._base_manager.filter(pk=row.pk, **{column: getattr(row, column)})
        if same.update(**{column: until}):
            yield row


class LeasedQuerySet(models.QuerySet[Row]):
    def due(self) -> Self:
        return self.filter(state="due", due_at__lte=timezone.now())

    def in_hand(self) -> Self:
        """What somebody is at work on, or waits for its next try."""
        return self.filter(attempts__gt=0, due_at__gt=timezone.now())

    def start_over(self) -> int:
        """These are due at once, as if nobody had tried them yet."""
        return self.update(state="due", **untried())

    def take_over(self) -> int:
        """At the start of the only process there is: whoever held a lease is dead."""
        return self.filter(state="due", attempts__gt=0).update(due_at=timezone.now())

    def claim(self, limit: int, *, lease: timedelta) -> list[Row]:
        """Takes up to ``limit`` due rows, oldest first. The attempt is counted before the work
        begins, so that work which kills its worker is counted too."""
        with transaction.atomic(using=self.db):
            rows = self.select_for_update(skip_locked=True).order_by("id")[:limit]
            return self.lease(list(rows), lease)

    def lease(self, rows: list[Row], lease: timedelta) -> list[Row]:
        """In the transaction that has locked them."""
        if not rows:
            return []
        connection, until = connections[self.db], timezone.now() + lease
        these = ", ".join(["%s"] * len(rows))
        moved = f"UPDATE {self.model._meta.db_table} SET due_at = %s, attempts = attempts + 1"  # noqa: S608
        values = [connection.ops.adapt_datetimefield_value(until), *(row.pk for row in rows)]
        with connection.cursor() as cursor:
            cursor.execute(f"{moved} WHERE id IN ({these})", values)
        for row in rows:
            row.due_at, row.attempts = until, row.attempts + 1
        return rows

    def finish(self, ended: Iterable[tuple[Row, Mapping[str, Any]]]) -> None:
        """Writes the ends of many attempts in one go, as ``Leased.finish`` does each."""
        alike: dict[tuple[str, ...], list[tuple[Row, Mapping[str, Any]]]] = defaultdict(list)
        for row, fields in ended:
            alike[tuple(fields)].append((row, fields))
        for names, some in alike.items():
            self._write(names, some)

    def _write(self, names: Iterable[str], ended: Sequence[tuple[Row, Mapping[str, Any]]]) -> None:
        """For each row the same statement, which is sent, or prepared, but once."""
        connection, meta = connections[self.db], self.model._meta
        known = {column.name: column for column in meta.concrete_fields}
        columns = [known[name] for name in names]
        said = ", ".join(f"{column.column} = %s" for column in columns)
        sql = f"UPDATE {meta.db_table} SET {said} WHERE id = %s AND attempts = %s"  # noqa: S608
        values = [
            [*(each.get_db_prep_save(fields[each.name], connection) for each in columns), row.pk]
            + [row.attempts]
            for row, fields in ended
        ]
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)
        for row, fields in ended:
            vars(row).update(fields)


class Leased(models.Model):
    """``due_at`` is when the row may be taken up (again): for a waiting row the end of its wait,
    for one in work the end of its lease. ``attempts`` grows with each claim, and so tells a worker
    that was too slow from the one that has the row now."""

    state = models.CharField(max_length=8, default="due")
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def finish(self, **fields: Any) -> bool:
        """Writes the end of an attempt; False, and nothing written, if the lease was lost."""
        mine = type(self)._base_manager.filter(pk=self.pk, attempts=self.attempts)
        finished = mine.update(**fields)
        for name, value in fields.items():
            setattr(self, name, value)
        return bool(finished)

    def again(self, *, at: datetime | None = None, **fields: Any) -> bool:
        return self.finish(**self.trying_again(at=at, **fields))

    def trying_again(self, *, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        return {"due_at": at or timezone.now() + backoff(self.attempts), **fields}
