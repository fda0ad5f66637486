"""Whether anything slows down the more there is: storing hooks, claiming them, the log's page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from bench.inside import Inside
from bench.pace import Pace
from bench.sums import Reading, medians, ratio, rounds
from bench.teams import databases, team
from faults.databases import Database

FIGURES = ("ingest", "claim", "page")


def measure(pace: Pace, folder: Path) -> dict[str, Any]:
    with databases() as found:
        return {name: of(database, pace) for name, database in found.items()}


def of(database: Database, pace: Pace) -> dict[str, Any]:
    """Times a second with so many rows, by size; ``ratios`` are of each size to the smallest."""
    with ExitStack() as stack:
        asked = {str(n): stack.enter_context(team(n, database)) for n in pace.sizes}
        for each in asked.values():
            each.ask("growing.forget")
        told = rounds({size: _reading(inside, pace) for size, inside in asked.items()}, pace.rounds)
    smallest = str(pace.sizes[0])
    ratios = {
        size: {name: ratio(told, size, smallest, key=name) for name in FIGURES}
        for size in told
        if size != smallest
    }
    return {**{size: medians(runs) for size, runs in told.items()}, "ratios": ratios}


def _reading(inside: Inside, pace: Pace) -> Callable[[int], Reading]:
    def read(number: int) -> Reading:
        stored, claimed = inside.ask("growing.ingest"), inside.ask("growing.claim")
        inside.ask("growing.forget")
        took = inside.ask("looking.visit", page="log", times=pace.visits)
        return {"ingest": stored, "claim": claimed, "page": 1 / median(took)}

    return read
