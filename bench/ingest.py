"""How many signed hooks a second are stored for good on one core, beside what else takes hooks."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.databases import kept
from bench.machine import has
from bench.pace import Pace
from bench.processes import Served, environment, pinned, python
from bench.serving import bare_asgi, nginx, ours, plain_view, webhook
from bench.sums import Reading, Rounds, medians, ratio, rounds
from bench.wrk import load

#: How many senders at once. Group commit lives on company: with 256, a commit holds about as many
#: rows as the 100 of the raw inserts.
FEW, MANY = 64, 256
Measure = Callable[[int], Reading]


def measure(pace: Pace, folder: Path) -> dict[str, Any]:
    with ExitStack() as stack:
        told = rounds(dict(contestants(pace, folder, stack)), pace.rounds)
    return summed_up(told)


def contestants(pace: Pace, folder: Path, stack: ExitStack) -> Iterator[tuple[str, Measure]]:
    """All up at once, one of them under load at a time: the others cost nothing."""
    yield "raw_100", lambda n: raw(folder, 100, pace)
    yield "raw_1", lambda n: raw(folder, 1, pace)
    our = stack.enter_context(ours(kept(folder, "ingest"), "ingest"))
    yield "ours", sent("ours", our, pace, FEW)
    yield "ours_256", sent("ours", our, pace, MANY)
    yield "django_view", sent("view", stack.enter_context(plain_view(folder, {})), pace, FEW)
    yield "bare_asgi", sent("bare", stack.enter_context(bare_asgi()), pace, FEW)
    if has("nginx"):
        yield "nginx", sent("nginx", stack.enter_context(nginx(folder)), pace, FEW)
    if has("webhook"):
        yield "webhook", sent("webhook", stack.enter_context(webhook(folder)), pace, FEW)


def sent(name: str, server: Served, pace: Pace, senders: int) -> Measure:
    """Once before, so that nobody measures how long it takes to come awake."""
    load(server.url, f"{name}-{senders}-warm", seconds=1, connections=senders)
    run = f"{name}-{senders}"
    return lambda n: load(server.url, f"{run}-{n}", seconds=pace.seconds, connections=senders)


def raw(folder: Path, rows: int, pace: Pace, **env: str) -> Reading:
    """Rows a second, into a file that is gone afterwards."""
    file = folder / f"raw-{rows}.sqlite3"
    command = pinned(python("bench.others.raw_sqlite", file, rows, pace.seconds))
    try:
        return {"hooks_per_s": float(subprocess.check_output(command, env=environment(**env)))}
    finally:
        for each in folder.glob(f"{file.name}*"):
            each.unlink()


def summed_up(told: Rounds) -> dict[str, Any]:
    """``vs_`` are ratios: the median of those of each round."""
    return {
        **medians(told["ours"]),
        "vs_raw_sqlite": ratio(told, "ours_256", "raw_100"),
        "vs_raw_sqlite_64": ratio(told, "ours", "raw_100"),
        "vs_one_a_commit": ratio(told, "ours", "raw_1"),
        "vs_django_view": ratio(told, "ours", "django_view"),
        "vs_bare_asgi": ratio(told, "ours", "bare_asgi"),
        "vs_nginx": ratio(told, "ours", "nginx"),
        "vs_webhook": ratio(told, "ours", "webhook"),
        "contestants": {name: medians(runs) for name, runs in told.items()},
    }
