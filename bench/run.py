"""Measures every figure on this machine, prints what it saw, and writes bench.json."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench import (
    growth,
    ingest,
    latency,
    memory,
    pages,
    postgres,
    processing,
    scale,
    slow_disk,
    start,
    visible,
)
from bench.databases import has_postgres
from bench.goals import judged
from bench.machine import has, machine
from bench.pace import FULL, HUGE, PACES, QUICK, TINY, Pace
from bench.processes import LAST_CORE
from bench.showing import table

FIGURES: Mapping[str, Callable[[Pace, Path], dict[str, Any]]] = {
    "ingest": ingest.measure,
    "postgres": postgres.measure,
    "slow_disk": slow_disk.measure,
    "latency": latency.measure,
    "processing": processing.measure,
    "visible": visible.measure,
    "pages": pages.measure,
    "growth": growth.measure,
    "scale": scale.measure,
    "start": start.measure,
    "memory": memory.measure,
}
NEED_POSTGRES = {"postgres", "scale"}
NEED_WRK = {"ingest", "postgres", "slow_disk", "latency", "scale", "memory"}


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    paces = made.add_mutually_exclusive_group()
    for pace, words in (
        (QUICK, "less than three minutes on two cores; pages among 8,000 entries"),
        (HUGE, "pages and growth among ten million entries, too; takes 80 GB"),
        (TINY, "whether everything runs; the figures mean nothing"),
    ):
        paces.add_argument(
            f"--{pace.name}", action="store_const", const=pace.name, dest="pace", help=words
        )
    made.set_defaults(pace=FULL.name)
    made.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        choices=FIGURES,
        help="this figure; may be said again. Others of the same pace stay in the file",
    )
    made.add_argument("--to", type=Path, default=Path("bench.json"), metavar="FILE")
    return made


def main() -> None:
    asked = parser().parse_args()
    # What sends and what watches is here, or started from here.
    os.sched_setaffinity(0, {int(LAST_CORE)})
    folder = Path(tempfile.mkdtemp(prefix="idonethis-bench-"))
    results = before(asked.to, asked.pace) if asked.only else {}
    try:
        results |= {"pace": asked.pace, "machine": machine(folder)}
        for name in asked.only or FIGURES:
            results[name] = measured(name, PACES[asked.pace], folder)
    finally:
        # Half an hour's figures are worth keeping, also where the next one came to no end.
        shutil.rmtree(folder, ignore_errors=True)
        results["goals"] = judged(results)
        asked.to.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    print(table(results))


def before(file: Path, pace: str) -> dict[str, Any]:
    """What was measured at another pace is not told as of this one."""
    found = json.loads(file.read_text()) if file.exists() else {}
    return found if found.get("pace") == pace else {}


def measured(name: str, pace: Pace, folder: Path) -> dict[str, Any]:
    """Each in a folder of its own, which is gone before the next."""
    if why := missing(name):
        print(f"{name}: skipped. {why}", file=sys.stderr)
        return {"skipped": why}
    began, place = time.monotonic(), folder / name
    place.mkdir()
    folder.chmod(0o755)
    told = FIGURES[name](pace, place)
    shutil.rmtree(place, ignore_errors=True)
    print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return told


def missing(name: str) -> str:
    """What it needs and is not here, in a sentence."""
    if name in NEED_WRK and not has("wrk"):
        return "wrk is not installed."
    if name in NEED_POSTGRES and not has_postgres():
        return "PostgreSQL is not installed."
    return ""


if __name__ == "__main__":
    main()
