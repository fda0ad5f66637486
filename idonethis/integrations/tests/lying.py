"""Where the requests of receipts lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

from idonethis.integrations.models import days
from idonethis.integrations.models.apart import is_used

LAY_APART = """
    INSERT INTO integrations_request
        SELECT id, (received_at AT TIME ZONE 'UTC')::date, request
        FROM integrations_receipt WHERE request <> ''::bytea AND id %% %(each)s = 0;
    UPDATE integrations_receipt SET request = ''::bytea
        WHERE request <> ''::bytea AND id %% %(each)s = 0
"""
AGE = """
    UPDATE integrations_request SET day = (received_at AT TIME ZONE 'UTC')::date
    FROM integrations_receipt WHERE receipt_id = integrations_receipt.id
"""


def lay_apart(*, each: int = 1) -> None:
    """Of receipts that were not stored as hooks are, every so-manieth lies as if it had been."""
    _do(LAY_APART, {"each": each})


def age() -> None:
    """As if everything had been stored on the day that its receipt says."""
    _do(AGE)


def _do(sql: str, values: dict[str, int] | None = None) -> None:
    if is_used():
        with connections[settings.INBOX].cursor() as cursor:
            cursor.execute(sql, values)
            days.make_ahead()
            # The transaction of a test goes on, and need not be as impatient.
            cursor.execute("SET lock_timeout = DEFAULT")


@contextmanager
def elsewhere(sql: str) -> Iterator[None]:
    """A transaction of somebody else, who has asked this."""
    other = connections[settings.INBOX].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(sql)
            yield
            cursor.execute("COMMIT")
    finally:
        other.close()
