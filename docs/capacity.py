"""Writes capacity.md from bench.json: ``python docs/capacity.py``."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
# The simulation stands beside it, however it is started.
sys.path[:0] = [str(DOCS), str(DOCS.parent)]

from bench.deployments import (  # noqa: E402
    FULL,
    KEPT,
    OF_READER,
    OF_TAKER,
    PEAK,
    Cost,
    Deployment,
)
from bench.scaling import costs, rows, table  # noqa: E402
from bench.showing import hurried, on  # noqa: E402

PAGE = DOCS / "capacity.md"
#: Deployments that are worked out: hooks in an hour, on average.
DEPLOYMENTS = (1_000, 100_000, 10_000_000)

HEAD = """\
# What one machine holds

Written by `docs/capacity.py` from the figures of [how fast it is](performance.md), which stand in
`docs/bench.json` and are of one machine. `bin/bench` measures them on yours.

{hurried}Measured on {on}.

## What one hook costs

| | SQLite | PostgreSQL |
|---|--:|--:|
| hooks that one core stores in a second | {sqlite_stored:,.0f} | {postgres_stored:,.0f} |
| hooks that one process reads in a second | {sqlite_read:,.0f} | {postgres_read:,.0f} |
| bytes of a stored hook with its indexes, compressed | {sqlite_receipt:,} | {postgres_receipt:,} |
| bytes of an entry with its source and all indexes | {sqlite_entry:,} | {postgres_entry:,} |

Of a core, in milliseconds, on PostgreSQL: to take a hook {take:.3g} in the process and
{take_database:.3g} in the database; to read one {read:.3g} and {read_database:.3g}. PostgreSQL
keeps the earlier forms of a row that is claimed and marked until it is vacuumed. All are counted
here; what is vacuumed is used again.

**Reading is what fills a machine first.** A hook costs {dearer:.0f} times as much to read as to
take. What comes faster than it is read is acknowledged all the same, and waits on the disk.
"""
RULES = """\
## When to split

1. **One process, on SQLite**, is right as long as the busiest hour brings less than {half:,.0f}
   hooks a second: half of what one process reads. More processes on one SQLite file do no more:
   its writers wait for each other.
2. **PostgreSQL, and a second reader**, when hooks wait for longer than people should: the gauge of
   what is due at `/metrics` does not come down between peaks.
3. **Takers of their own** when senders wait: pages and the worker share the interpreter with the
   door in one process, and 99 of 100 take longer the busier those are.
4. **A machine of its own for the database** when its cores are full; until then, one machine is
   simpler, and a hook crosses no network.
5. **A disk of their own for receipts**, when those of {kept} days no longer fit the memory: their
   indexes want to lie there.
"""
PLAYED = """\
## More processes, on paper and played

On paper: with `n` processes that take hooks, each on a core of its own, and `c` cores of the
database,

    hooks/s = min(n / {take:.3g} ms, c / {take_database:.3g} ms)

and the same for reading, with {read:.3g} and {read_database:.3g}. With 16 processes it is the
first, as long as the database has {cores:.0f} cores for takers and {reading_cores:.0f} for readers,
and its disk takes {mb:,.0f} MB/s. Flushes do not stand in a queue: one carries every commit that
waits for it.

Played, event by event, with a database of 16 cores (`python -m bench.scaling`; seeded, so it comes
out the same): each process checks one hook after the other, and commits all that wait, 100 at most.

{table}

It is a model. It knows no network between machines, no vacuum, no locks on one row, and no disk
that gets slower by what is written; with one queue it comes to what the formula for M/D/1 says,
which a test shows. Measured, with two of each on a machine of two cores, which all of it shares:
{measured_ingest:.2f} times as many taken, and {measured_work:.2f} times as many read, as with one.
"""
ASSUMED = f"""\
The busiest hour brings {PEAK} times the average; everything is planned to be {FULL:.0%} full then;
receipts are kept for {KEPT} days, entries for good; every hook becomes an entry, which is the most
that it can.
"""
HEADS = (
    "Hooks an hour",
    "a second, at the peak",
    "Processes",
    "Cores of the database",
    "Connections",
    "Disk a day: receipts, entries",
    "Disk after a year",
)
ARITHMETIC = f"""\
Processes are `peak × milliseconds of one hook / 1000 / {FULL:g}`, rounded up, and so are the cores
of the database, for taking and reading together. One process has a core. Disk is `24 × hooks ×
bytes`, and after a year {KEPT} days of receipts and 365 of entries. A reader has {OF_READER}
connections at most, one for each of its lanes, and a taker {OF_TAKER}, for its writer and the pages
that it shows; PostgreSQL takes a hundred unless `max_connections` says more.
"""


def page(results: Mapping[str, Any]) -> str:
    if "costs_ms" not in results.get("scale", {}):
        raise SystemExit("What a hook costs was not measured: run bin/bench where PostgreSQL is.")
    facts = {
        **_stored(results),
        **_shares(results),
        "on": on(results["machine"]),
        "hurried": hurried(results),
    }
    told = [HEAD, RULES, *deployments(results), PLAYED]
    return "\n".join(told).format(**facts)


def _stored(results: Mapping[str, Any]) -> dict[str, Any]:
    sqlite = results["processing"]
    both = {"sqlite": sqlite, "postgres": sqlite["postgresql"]}
    taken = {"sqlite": results["ingest"], "postgres": results["postgres"]}
    told: dict[str, Any] = {}
    for name, read in both.items():
        told[f"{name}_stored"] = taken[name]["hooks_per_s"]
        told[f"{name}_read"] = read["receipts_per_s"]
        told[f"{name}_receipt"] = read["bytes_per_receipt"]
        told[f"{name}_entry"] = read["bytes_per_entry"]
    return told


def _shares(results: Mapping[str, Any]) -> dict[str, Any]:
    ms, scale = results["scale"]["costs_ms"], results["scale"]
    return {
        **ms,
        "dearer": (ms["read"] + ms["read_database"]) / (ms["take"] + ms["take_database"]),
        "half": FULL * results["processing"]["receipts_per_s"],
        "kept": KEPT,
        "cores": math.ceil(16 * ms["take_database"] / ms["take"]),
        "reading_cores": math.ceil(16 * ms["read_database"] / ms["read"]),
        "mb": 16 * results["processing"]["postgresql"]["bytes_per_receipt"] / ms["take"] / 1000,
        "table": table(rows(costs(results))),
        "measured_ingest": scale["ingest_2_vs_1"],
        "measured_work": scale["work_2_vs_1"],
    }


def cost(results: Mapping[str, Any], database: str) -> Cost:
    read = results["processing"] if database == "sqlite" else results["processing"]["postgresql"]
    return Cost(
        **results["scale"]["costs_ms"],
        receipt=read["bytes_per_receipt"],
        entry=read["bytes_per_entry"],
    )


def deployments(results: Mapping[str, Any]) -> Iterator[str]:
    yield "## Three deployments\n"
    yield ASSUMED
    yield f"| {' | '.join(HEADS)} |\n|{'--:|' * len(HEADS)}"
    one = results["processing"]["receipts_per_s"]
    for hooks in DEPLOYMENTS:
        small = Deployment(hooks, cost(results, "sqlite"), one)
        larger = Deployment(hooks, cost(results, "postgres"), one)
        yield _row(small if small.fits_one_process else larger)
    yield "\n" + ARITHMETIC


def _row(told: Deployment) -> str:
    receipts, entries = told.gb_a_day
    processes, cores, connections = "1, on SQLite", "-", "-"
    if not told.fits_one_process:
        processes = f"{told.takers} that take, {told.readers} that read"
        cores, connections = str(told.database_cores), str(told.connections)
    disk = f"{receipts:,.2f} GB, {entries:,.2f} GB | {told.gb_kept:,.0f} GB"
    return f"| {told.hooks:,} | {told.peak:,.1f} | {processes} | {cores} | {connections} | {disk} |"


if __name__ == "__main__":
    results = json.loads((DOCS / "bench.json").read_text())
    PAGE.write_text(page(results))
