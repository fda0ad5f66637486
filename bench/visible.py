"""From the moment at which a hook is sent until its entry can be seen; the server takes, reads and
shows it on one core."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bench.databases import Kept, kept
from bench.pace import Pace
from bench.serving import ours
from bench.steady import Steady
from bench.sums import rounded, spread
from bench.watching import Page, Watch, asking

RATES = (200, 2000)
#: How long entries are waited for after the last hook, in seconds.
PATIENCE = 120


def measure(pace: Pace, folder: Path) -> dict[str, Any]:
    where = kept(folder, "visible")
    with ours(where) as server, asking(where) as ask:
        seen = Seen(server.url, Watch(ask))
        seen.at(50, 20)
        told: dict[str, Any] = {
            f"at_{rate}": seen.at(rate, min(rate, pace.receipts) * pace.seconds) for rate in RATES
        }
        told["most"] = seen.at(100_000, pace.receipts)
        return told | {"page": on_page(server.url, where, pace)}


class Seen:
    """Each hook has a number that no other has."""

    def __init__(self, url: str, watch: Watch) -> None:
        self._url, self._watch, self._next = url, watch, 0

    def at(self, rate: int, count: int) -> dict[str, Any]:
        """``entries_per_s``: from the first hook until the last of the entries. Hooks that came
        faster than they can be read wait, and their latency says so."""
        steady = Steady(self._url, rate, count, first=self._next)
        self._next += count
        complete = asyncio.run(self._watched(steady))
        late = [self._watch.seen[n] - at for n, at in steady.due.items() if n in self._watch.seen]
        took = max(self._watch.seen.values()) - min(steady.due.values())
        speed = {"hooks": count, "entries_per_s": rounded(len(late) / took), "complete": complete}
        return {**spread(late), **speed, "ack": spread(steady.latencies)}

    async def _watched(self, steady: Steady) -> bool:
        numbers = set(range(steady.first, steady.first + steady.count))
        patience = PATIENCE + steady.count / steady.rate
        watching = asyncio.create_task(self._watch.until(numbers, patience=patience))
        await steady.run()
        return await watching


def on_page(url: str, where: Kept, pace: Pace) -> dict[str, float]:
    """One hook at a time, and the page of the log asked for again and again until it shows it."""
    page, late = Page(url, where.cookie), []
    for n in range(pace.visits):
        steady = Steady(url, 1000, 1, first=900_000 + n)
        asyncio.run(steady.run())
        while not page.shows(steady.first):
            time.sleep(0.001)
        late.append(time.perf_counter() - steady.due[steady.first])
    return spread(late)
