"""Requests that lie apart from their receipts: on PostgreSQL, by day, so that a day of them goes as
a whole (see days.py). What lies in the row itself counts before what lies apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import connections

#: The days alone are looked at, and of them the keys.
THESE = "FROM integrations_request WHERE receipt_id = ANY(%(keys)s) AND day = ANY(%(days)s)"
FIND = f"SELECT receipt_id, request {THESE}"
#: Where else it may be: back in its row, since its day has gone meanwhile; in a day that was made
#: in the very moment; or in another than its receipt says.
FIND_AGAIN = """
    SELECT id, request FROM integrations_receipt
    WHERE id = ANY(%(keys)s) AND request <> ''::bytea
    UNION ALL SELECT receipt_id, request FROM integrations_request WHERE receipt_id = ANY(%(keys)s)
"""
SIZE = f"SELECT coalesce(sum(length(request)), 0) {THESE}"
#: No day is made meanwhile, or what goes over there would be missed.
FORGET = f"""
    LOCK TABLE integrations_request_rest IN ROW EXCLUSIVE MODE;
    DELETE {THESE}
"""


def is_used() -> bool:
    """Whether this database keeps requests apart."""
    return connections[settings.INBOX].vendor == "postgresql"


def day_of(received_at: datetime) -> date:
    return received_at.astimezone(UTC).date()


class Apart:
    """What lies apart of receipts that were fetched together: one query for all of them, once one
    is read. ``days``: those of the receipts, by their keys."""

    def __init__(self, days: Mapping[int, date]) -> None:
        self._days = days
        self._found: Mapping[int, bytes] | None = None

    @classmethod
    def of(cls, receipts: Iterable[Any]) -> Apart:
        return cls({each.pk: day_of(each.received_at) for each in receipts})

    def request(self, receipt: int) -> bytes:
        """As it is stored; empty where it is nowhere."""
        if self._found is None:
            self._found = self._fetched() if self._is_any else {}
        return self._found.get(receipt, b"")

    def _fetched(self) -> dict[int, bytes]:
        found = dict(rows(FIND, self._named))
        if found.keys() != self._days.keys():
            found |= rows(FIND_AGAIN, self._named)
        return {receipt: bytes(request) for receipt, request in found.items()}

    def size(self) -> int:
        """In bytes, as they are stored."""
        return int(rows(SIZE, self._named)[0][0]) if self._is_any else 0

    def forget(self) -> None:
        """Whatever their rows hold. In a transaction."""
        if self._is_any:
            with connections[settings.INBOX].cursor() as cursor:
                cursor.execute(FORGET, self._named)

    @property
    def _is_any(self) -> bool:
        return bool(self._days) and is_used()

    @property
    def _named(self) -> dict[str, Any]:
        return {"keys": list(self._days), "days": list(set(self._days.values()))}


def rows(sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections[settings.INBOX].cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
