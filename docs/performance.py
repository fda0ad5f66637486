"""Writes performance.md and its pictures from bench.json: ``python docs/performance.py``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
# The pictures and the simulation stand beside it, however it is started.
sys.path[:0] = [str(DOCS), str(DOCS.parent)]

from performance_pictures import TAKERS, pictures, visits, waits  # noqa: E402
from plots import number  # noqa: E402
from reasons_missed import WHY  # noqa: E402

from bench.goals import NAMES  # noqa: E402
from bench.showing import hurried, on  # noqa: E402

MEASURED = DOCS / "bench.json"
ENDS = {True: "met", False: "**missed**", None: "not measured"}
HEAD = """\
# How fast it is

This page and its pictures are written by `docs/performance.py` from `docs/bench.json`, which
`bin/bench` writes, and a test holds them to it. All figures are of one machine; those that are
compared were measured in turns, round after round, and a ratio is the median of the ratios of the
rounds. Trust ratios more than absolute figures.

The work of everybody who takes hooks is the same: a GitHub push of 7.7 kB, signed with HMAC-SHA256.
I Done This, the Django view and raw SQLite have it on the disk, synced, before they answer. Each
server has the first core; what sends has the last one. Who needs another runtime, such as Node-RED
or n8n, is no part of it.
"""
REPEAT = """\
## Measuring it again

```sh
bin/bench                  # all of it: about half an hour, with a million entries
bin/bench --quick          # less than three minutes, with 8,000
bin/bench --huge           # with ten million, too; takes 80 GB
bin/bench --only ingest    # one figure; others of the same pace stay in bench.json
cp bench.json docs/bench.json && python docs/performance.py && python docs/capacity.py
```

It needs `wrk`, and for some figures nginx, Debian's `webhook`, PostgreSQL and a C compiler; it
installs what it may, and goes on without the rest. Teams of a million entries are kept in the
temporary folder for the next run. What each figure is stands in `bench/`, a module for each.
"""

Results = Mapping[str, Any]


def pages(results: Results) -> dict[str, str]:
    """All files, by name."""
    return {"performance.md": page(results), **dict(pictures(results))}


def page(results: Results) -> str:
    sections = (goals, missed, taking, waiting, showing, growing, scaling, standing)
    told = [
        HEAD,
        hurried(results) + f"Measured on {results['machine']['at']}: {on(results['machine'])}.\n",
    ]
    told += [text for section in sections if (text := "\n".join(section(results)))]
    return "\n".join([*told, REPEAT])


def goals(results: Results) -> Iterator[str]:
    yield "## What is aimed at\n"
    yield from table("Figure | Goal | Measured | ", map(_goal, results["goals"]))


def _goal(goal: Mapping[str, Any]) -> tuple[Any, ...]:
    value = goal["measured"]
    return goal["about"], goal["goal"], "" if value is None else value, ENDS[goal["met"]]


def missed(results: Results) -> Iterator[str]:
    """In words, once for all goals that are missed for the same reason."""
    figures = [goal["figure"] for goal in results["goals"] if goal["met"] is False]
    whys = [why for start, why in WHY.items() if any(name.startswith(start) for name in figures)]
    if whys:
        yield "### Why some are missed\n"
        yield "\n\n".join(dict.fromkeys(whys)) + "\n"


def taking(results: Results) -> Iterator[str]:
    if not (told := results.get("ingest", {}).get("contestants")):
        return
    yield "## Taking hooks\n\n![Hooks a second, by who takes them](images/ingest.svg)\n"
    yield from table("Who takes them | hooks/s | p50, ms | p99, ms", _takers(told))
    for name, about in (("postgres", "On PostgreSQL"), ("slow_disk", "With fsync 3 ms slower")):
        if more := results.get(name, {}).get("contestants"):
            yield from table(f"{about} | hooks/s | p50, ms | p99, ms", _takers(more))


def _takers(told: Results) -> Iterator[tuple[Any, ...]]:
    for name, about in TAKERS.items():
        if name in told:
            yield about, *(told[name].get(key, "") for key in ("hooks_per_s", "p50_ms", "p99_ms"))


def waiting(results: Results) -> Iterator[str]:
    told = [*waits(results)]
    if told:
        yield "## How long it takes\n\n![99 of 100, in milliseconds](images/latency.svg)\n"
        yield from table("From sending a hook until it is | p50, ms | p99, ms", told)
    if most := results.get("visible", {}).get("most"):
        yield f"At most {number(most['entries_per_s'])} hooks a second became entries, with taking"
        yield "and reading on one core.\n"


def showing(results: Results) -> Iterator[str]:
    if not results.get("pages"):
        return
    yield "## Pages\n\nTime of the server for one page, and how often it asks the database.\n"
    yield "![Milliseconds of the server, 95 of 100](images/pages.svg)\n"
    yield from table("Page | Entries | Database | p50, ms | p95, ms | queries", visits(results))


def growing(results: Results) -> Iterator[str]:
    if not results.get("growth"):
        return
    yield "## What grows\n"
    yield "Times a second, among so many rows; a share of 1 is as fast as among the fewest.\n"
    told = results["growth"].items()
    wide = "Database | Rows | hooks stored | batches claimed | pages of the log | shares"
    yield from table(wide, (row for name, sizes in told for row in _sizes(name, sizes)))


def _sizes(name: str, told: Results) -> Iterator[tuple[Any, ...]]:
    for size, each in told.items():
        if size != "ratios":
            shares = told["ratios"].get(size, {}).values()
            figures = (each["ingest"], each["claim"], each["page"])
            yield NAMES[name], int(size), *figures, ", ".join(map(number, shares))


def scaling(results: Results) -> Iterator[str]:
    told = results.get("scale", {})
    if "costs_ms" not in told:
        return
    yield "## More processes\n\nOn PostgreSQL, with both cores for all of it:\n"
    kinds = {"ingest": "that take hooks", "work": "that read hooks"}
    counts = ((kind, n) for kind in kinds for n in (1, 2))
    each = ((f"{n} {kinds[kind]}", told[f"{kind}_{n}"]["hooks_per_s"]) for kind, n in counts)
    yield from table("Processes | hooks/s", each)
    yield "Played with what one hook costs here, on machines that have the cores: see"
    yield "[what one machine holds](capacity.md).\n"
    yield "![Hooks a second by processes](images/scale.svg)\n"


def standing(results: Results) -> Iterator[str]:
    start, memory = results.get("start", {}), results.get("memory", {})
    yield "## Start and memory\n"
    told = [(f"{name}, ms", each["with"]) for name, each in start.items() if name != "integrations"]
    told += [
        (name.replace("_mb", ", MB").replace("_", " "), value) for name, value in memory.items()
    ]
    yield from table(f"With {start.get('integrations', 'all')} integrations | ", told)


def table(heads: str, told: Iterable[Iterable[Any]]) -> Iterator[str]:
    names = heads.split("|")
    yield f"| {heads} |"
    yield f"|---|{'--:|' * (len(names) - 1)}"
    for row in told:
        yield f"| {' | '.join(map(cell, row))} |"
    yield ""


def cell(value: Any) -> str:
    return value if isinstance(value, str) else number(value)


if __name__ == "__main__":
    for name, text in pages(json.loads(MEASURED.read_text())).items():
        (DOCS / name).write_text(text)
