"""Hooks that lie in the inbox become entries."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import connections

from bench.within.receiving import store
from idonethis.integrations import registry
from idonethis.integrations.models import Receipt
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.receipt import TURNS

#: What came in, and the requests themselves, each day in a table of its own.
INBOX = """
    SELECT pg_total_relation_size('integrations_receipt') + sum(pg_total_relation_size(relid))
    FROM pg_partition_tree('integrations_request')
"""


def batched(many: int) -> float:
    """As the server does it. Entries a second."""
    store(many)
    return _a_second(many, Receipt.drain)


def one_at_a_time(many: int) -> float:
    """Each claimed, looked up, written and marked by itself."""
    store(many)
    return _a_second(many, _one)


def _one() -> int:
    receipts = Receipt.objects.fresh(TURNS.next_queues(1), most=1)
    return Receipt.work(receipts, Known())


def _a_second(many: int, work) -> float:
    registry.get("github")
    began = time.perf_counter()
    while work():
        pass
    took = time.perf_counter() - began
    if Receipt.objects.filter(state="due").exists():
        raise RuntimeError("Not all of it was read.")
    return many / took


def sizes() -> dict[str, int]:
    """Of what the inbox holds, and of all else, in bytes, with their indexes."""
    if connections[settings.INBOX].vendor == "sqlite":
        return {"inbox": _size("inbox"), "log": _size("default")}
    inbox = _asked("default", INBOX)
    return {"inbox": inbox, "log": _asked("default", ALL) - inbox}


def _size(alias: str) -> int:
    return _asked(alias, "PRAGMA page_count") * _asked(alias, "PRAGMA page_size")


def _asked(alias: str, question: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


ALL = "SELECT pg_database_size(current_database())"
