"""How long a sender waits for the answer: by number of senders, and while people look at pages and
hooks are read."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.databases import Kept, kept
from bench.ingest import sent
from bench.pace import Pace
from bench.processes import Served
from bench.serving import ours
from bench.steady import Steady
from bench.sums import Reading, medians, rounds, spread
from bench.watching import Page

SENDERS = (1, 64, 256)
#: How many people look at the page of the log without a pause, and hooks a second meanwhile, which
#: are more than are read.
LOOKING, RATE = 2, 1000


def measure(pace: Pace, folder: Path) -> dict[str, Any]:
    alone, busy = kept(folder, "alone"), kept(folder, "busy")
    with ours(alone, "ingest") as server:
        measures = {f"at_{n}": sent("ack", server, pace, n) for n in SENDERS}
        quiet = rounds(measures, pace.rounds)
    with ours(busy) as server, looking(server, busy):
        steadily = partial(at_steady_rate, server, pace)
        measures = {"busy_steady": steadily, "busy": sent("busy", server, pace, 64)}
        pressed = rounds(measures, pace.rounds)
    return {name: medians(runs) for name, runs in {**quiet, **pressed}.items()}


@contextmanager
def looking(server: Served, where: Kept) -> Iterator[None]:
    """Two people, who take all that the server has left for pages."""
    ending = threading.Event()
    eyes = [threading.Thread(target=_look, args=(server, where, ending)) for _ in range(LOOKING)]
    for each in eyes:
        each.start()
    try:
        yield
    finally:
        ending.set()
        for each in eyes:
            each.join()


def _look(server: Served, where: Kept, ending: threading.Event) -> None:
    page = Page(server.url, where.cookie)
    while not ending.is_set():
        page.read("/t/analytical-engines")


def at_steady_rate(server: Served, pace: Pace, number: int) -> Reading:
    count = RATE * pace.seconds
    steady = Steady(server.url, RATE, count, first=number * count)
    asyncio.run(steady.run())
    return {"hooks_per_s": count / pace.seconds, **spread(steady.latencies)}
