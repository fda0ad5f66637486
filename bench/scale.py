"""Two processes that take hooks and two that read them, against one of each, on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from bench.cpu import Spent, postmaster
from bench.databases import kept, private_postgres
from bench.inside import Inside
from bench.pace import Pace
from bench.processes import FIRST_CORE, LAST_CORE, Served
from bench.serving import ours, worker
from bench.sums import Reading, Rounds, medians, ratio, rounds
from bench.watching import asking
from bench.wrk import load
from faults.databases import Postgres

#: What is one process of each kind, and on which core each of several runs.
INGEST: Callable[..., Any] = partial(ours, part="ingest")
WORKER = worker
CORES = (FIRST_CORE, LAST_CORE)
COUNTS = (1, 2)
SENDERS = 64
#: So many times as many receipts as one process reads elsewhere, since two may start apart.
FULL = 2
#: Between two looks, in seconds.
GLANCE = 0.02
DUE = "SELECT count(*) FROM integrations_receipt WHERE state = 'due'"


def measure(pace: Pace, folder: Path) -> dict[str, Any]:
    """``costs_ms``: of a core, for one hook, in the process and in the database."""
    with private_postgres(folder) as server:
        taken = _compared(_taken, pace, folder, server)
        read = _compared(_read, pace, folder, server)
    take, take_two, read_one, read_two = (
        medians(told[str(count)]) for told in (taken, read) for count in COUNTS
    )
    return {
        "ingest_1": take,
        "ingest_2": take_two,
        "work_1": read_one,
        "work_2": read_two,
        "ingest_2_vs_1": ratio(taken, "2", "1"),
        "work_2_vs_1": ratio(read, "2", "1"),
        "costs_ms": {
            "take": take["process_ms"],
            "take_database": take["database_ms"],
            "read": read_one["process_ms"],
            "read_database": read_one["database_ms"],
        },
    }


def _compared(measured: Callable[..., Reading], pace: Pace, *where: Any) -> Rounds:
    measures = {str(count): partial(measured, count, pace, *where) for count in COUNTS}
    return rounds(measures, pace.starts)


def _taken(count: int, pace: Pace, folder: Path, server: Postgres, number: int) -> Reading:
    """So many processes, each with its share of the senders; the sum of what they take."""
    where = kept(folder, f"taken_{count}_{number}", server)
    with ExitStack() as stack:
        up = [stack.enter_context(INGEST(where, core=core)) for core in CORES[:count]]
        _all_loaded(up, f"scale-{count}-{number}-warm", 1)
        spent = Spent([each.pid for each in up], postmaster(server))
        told = _all_loaded(up, f"scale-{count}-{number}", pace.seconds)
        return {**told, **spent.for_each_of(told["hooks_per_s"] * pace.seconds)}


def _all_loaded(up: list[Served], run: str, seconds: int) -> Reading:
    each = {"seconds": seconds, "connections": SENDERS // len(up)}
    with ThreadPoolExecutor(len(up)) as pool:
        begun = [pool.submit(load, s.url, f"{run}-{n}", **each) for n, s in enumerate(up)]
        told = [one.result() for one in begun]
    worst = {name: max(one[name] for one in told) for name in ("p50_ms", "p99_ms")}
    return {"hooks_per_s": sum(one["hooks_per_s"] for one in told), **worst}


def _read(count: int, pace: Pace, folder: Path, server: Postgres, number: int) -> Reading:
    """An inbox that was full before they started."""
    where = kept(folder, f"read_{count}_{number}", server)
    with Inside(where.env) as inside:
        inside.ask("receiving.store", many=FULL * pace.receipts)
    with asking(where) as ask, ExitStack() as stack:
        up = [stack.enter_context(WORKER(where, core)) for core in CORES[:count]]
        return _emptied(lambda: ask(DUE)[0][0], [each.pid for each in up], postmaster(server))


def _emptied(left: Callable[[], int], workers: list[int], database: int) -> Reading:
    """From the first that is read: how long they take to start is measured elsewhere."""
    full = first = left()
    while first == full:
        time.sleep(GLANCE)
        first = left()
    began, spent = time.perf_counter(), Spent(workers, database)
    while left():
        time.sleep(GLANCE)
    per_s = first / (time.perf_counter() - began)
    return {"hooks_per_s": per_s, **spent.for_each_of(first)}
