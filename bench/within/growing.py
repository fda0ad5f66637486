"""What the server does over and over, beside all that lies there already."""

from __future__ import annotations

import time

from bench.within.receiving import store
from idonethis.integrations.models import Receipt
from idonethis.integrations.models.apart import Apart
from idonethis.integrations.models.receipt import TURNS
from idonethis.integrations.models.turns import BATCH

#: Of each, in one measurement.
TIMES = 10


def ingest() -> float:
    """Hooks that are stored in a second."""
    began = time.perf_counter()
    store(TIMES * BATCH)
    return TIMES * BATCH / (time.perf_counter() - began)


def claim() -> float:
    """Batches that are claimed in a second."""
    began = time.perf_counter()
    for _ in range(TIMES):
        if len(Receipt.objects.fresh(TURNS.next_queues(BATCH), most=BATCH)) < BATCH:
            raise RuntimeError("There was not enough to claim.")
    return TIMES / (time.perf_counter() - began)


def forget() -> None:
    """What was stored for this is gone, and the next time there is as much as before."""
    for due in Receipt.objects.due_or_tried():
        Apart.of(due.defer("request", "more")).forget()
        due.delete()
