"""Whether more processes do more, played with what was measured: ``python -m bench.scaling`` prints
the table from docs/bench.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.queueing import Costs, Machines, Play, poisson

MEASURED = Path(__file__).resolve().parent.parent / "docs" / "bench.json"
COUNTS = (1, 2, 4, 8, 16)
#: Hooks for each process, so that the ends weigh little; how full the processes are when it is
#: asked how long things take; and what chance begins with.
HOOKS, LOAD, SEED = 1000, 0.7, 1843


@dataclass(frozen=True)
class Row:
    """``processes`` that do one thing and ``database_cores``: how many hooks a second they do at
    most; that as a share of so many times what one does; and how long one takes at 70 % of it."""

    does: str
    processes: int
    database_cores: int
    per_s: float
    share: float
    p99_ms: float


def costs(results: Mapping[str, Any]) -> Costs:
    """Of what was measured, in seconds."""
    told = {name: value / 1000 for name, value in results["scale"]["costs_ms"].items()}
    return Costs(**told, flush=results["machine"]["fsync_ms"] / 1000)


def rows(of: Costs, database_cores: int = 16) -> list[Row]:
    return [*_taking(of, database_cores), *_reading(of, database_cores)]


def _taking(of: Costs, cores: int) -> Iterator[Row]:
    """What reads them stands elsewhere, and takes nothing of the database."""
    alone = Costs(of.take, of.take_database, 0, 0, of.flush)
    first = None
    for n in COUNTS:
        machines = Machines(takers=n, readers=1, database_cores=cores)
        most = Play(alone, machines).run([0.0] * HOOKS * n).taken_per_s()
        first = first or most
        steady = Play(alone, machines).run(poisson(LOAD * most, HOOKS * n, seed=SEED))
        yield Row("take", n, cores, most, most / first / n, steady.ack_ms(0.99))


def _reading(of: Costs, cores: int) -> Iterator[Row]:
    """All of them lie in the inbox already."""
    alone = Costs(0, 0, of.read, of.read_database, of.flush)
    first = None
    for n in COUNTS:
        machines = Machines(takers=n, readers=n, database_cores=cores)
        most = Play(alone, machines).run([0.0] * HOOKS * n).read_per_s()
        first = first or most
        steady = Play(alone, machines).run(poisson(LOAD * most, HOOKS * n, seed=SEED))
        yield Row("read", n, cores, most, most / first / n, steady.visible_ms(0.99))


def table(told: list[Row]) -> str:
    lines = ["| Processes that | how many | hooks a second | of linear | 99 of 100 at 70 % |"]
    lines.append("|---|--:|--:|--:|--:|")
    for row in told:
        figures = f"{row.per_s:,.0f} | {row.share:.0%} | {row.p99_ms:,.1f} ms"
        lines.append(f"| {row.does} hooks | {row.processes} | {figures} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(rows(costs(json.loads(MEASURED.read_text())))))
