"""What performance.md shows as pictures, and the rows that they share with its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plots import Bar, bars, lines, number

from bench.goals import NAMES
from bench.scaling import costs, rows

#: Who took hooks, by the names that bench/ingest.py gives them.
TAKERS = {
    "nginx": "nginx, return 200, stores nothing",
    "bare_asgi": "uvicorn, does nothing",
    "raw_100": "raw SQLite, 100 rows a commit",
    "ours_256": "I Done This, 256 senders",
    "ours": "I Done This, 64 senders",
    "raw_1": "raw SQLite, a row a commit",
    "webhook": "Debian's webhook, stores nothing",
    "django_view": "a Django view and its ORM",
}
WAITING = {
    "at_1": "acknowledged, 1 sender",
    "at_64": "acknowledged, 64 senders",
    "at_256": "acknowledged, 256 senders",
    "busy_steady": "acknowledged, 1,000/s, pages and worker busy",
    "busy": "acknowledged, 64 senders, pages and worker busy",
}
SEEING = {
    "at_200": "entry visible, 200 hooks/s",
    "at_2000": "entry visible, 2,000 hooks/s",
    "page": "entry on the page, one hook at a time",
}
Results = Mapping[str, Any]


def waits(results: Results) -> Iterator[tuple[Any, ...]]:
    for names, told in ((WAITING, "latency"), (SEEING, "visible")):
        for name, about in names.items():
            if each := results.get(told, {}).get(name):
                yield about, each["p50_ms"], each["p99_ms"]


def visits(results: Results) -> Iterator[tuple[Any, ...]]:
    for database, sizes in results["pages"].items():
        for size, shown in sizes.items():
            for name, told in shown.items():
                figures = (told["p50_ms"], told["p95_ms"], told["queries"])
                yield name, int(size), NAMES[database], *figures


def pictures(results: Results) -> Iterator[tuple[str, str]]:
    if told := results.get("ingest", {}).get("contestants"):
        drawn = [
            Bar(about, told[name]["hooks_per_s"], name.startswith("ours"))
            for name, about in TAKERS.items()
            if name in told
        ]
        yield "images/ingest.svg", bars("Signed hooks a second, on one core", "/s", drawn)
    if told := [*waits(results)]:
        drawn = [Bar(about, p99, goal=_limit(about, results)) for about, _, p99 in told]
        yield "images/latency.svg", bars("99 of 100 within, and the goal", "ms", drawn)
    if results.get("pages"):
        drawn = [
            Bar(f"{name}, {number(size)}, {database}", p95, goal=40 if name == "log" else None)
            for name, size, database, _, p95, _ in visits(results)
        ]
        yield "images/pages.svg", bars("95 of 100 pages within, and the goal", "ms", drawn)
    if "costs_ms" in results.get("scale", {}):
        yield "images/scale.svg", lines("Hooks a second, played", "processes", _played(results))


def _limit(about: str, results: Results) -> float | None:
    """The goal for what the table calls so."""
    names = {about: ("latency", name) for name, about in WAITING.items()}
    names |= {about: ("visible", name) for name, about in SEEING.items()}
    figure = ".".join((*names[about], "p99_ms"))
    found = [goal["goal"] for goal in results["goals"] if goal["figure"] == figure]
    return float(found[0].split()[1]) if found else None


def _played(results: Results) -> dict[str, dict[float, float]]:
    told: dict[str, dict[float, float]] = {"stored": {}, "read": {}}
    for row in rows(costs(results)):
        told["stored" if row.does == "take" else "read"][row.processes] = row.per_s
    return told
