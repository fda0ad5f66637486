"""Two processes that take the same deliveries at the same moment, in another order each."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from django.db import connection, connections, transaction

from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import GroupCommit, store
from idonethis.integrations.models import Receipt
from idonethis.integrations.values import Hook

pytestmark = pytest.mark.django_db(transaction=True)

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def group():
    group = GroupCommit()
    group.start()
    yield group
    group.stop()


def test_neither_is_refused_when_they_wait_for_each_other(group, link):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite bears only one process.")
    first, second = (Row("acme", link.pk, key, "", Hook(b"{}"), {}) for key in ("one", "two"))
    has_second = threading.Event()
    other = threading.Thread(target=_take, args=([second], [first], has_second))
    other.start()
    assert has_second.wait(10)
    assert asyncio.run(_put(group, [first, second])) is None
    other.join()
    assert sorted(Receipt.objects.values_list("delivery_key", flat=True)) == ["one", "two"]


def _take(now, then, taken):
    """In one transaction; the rest once somebody waits for what is taken."""
    try:
        with transaction.atomic():
            store(now)
            taken.set()
            _await_somebody()
            store(then)
    finally:
        connections.close_all()


def _await_somebody():
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)


async def _put(group, rows):
    """What went wrong, or nothing."""
    told = asyncio.get_running_loop().create_future()
    group.put(rows, told.set_result)
    return await asyncio.wait_for(told, 20)
