"""What is aimed at, and whether it is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """``path`` leads to the figure in the results: names, one within the other; the last word may
    be a list's. ``unit`` stands behind both numbers; without one they are ratios."""

    about: str
    path: tuple[str, ...]
    limit: float
    unit: str = ""

    def measured(self, results: Mapping[str, Any]) -> float | None:
        found: Any = results
        for name in self.path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def is_met(self, value: float) -> bool:
        raise NotImplementedError

    @property
    def sign(self) -> str:
        raise NotImplementedError

    def judged(self, results: Mapping[str, Any]) -> dict[str, Any]:
        """As it stands in the results; not met nor missed where it was not measured."""
        value = self.measured(results)
        return {
            "about": self.about,
            "figure": ".".join(self.path),
            "goal": f"{self.sign} {self.limit:g}{f' {self.unit}' if self.unit else ''}",
            "measured": value,
            "met": None if value is None else self.is_met(value),
        }


class AtLeast(Goal):
    sign = "≥"

    def is_met(self, value: float) -> bool:
        return value >= self.limit


class AtMost(Goal):
    sign = "≤"

    def is_met(self, value: float) -> bool:
        return value <= self.limit


def judged(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [goal.judged(results) for goal in (*GOALS, *of_sizes(results))]


def of_sizes(results: Mapping[str, Any]) -> list[Goal]:
    """Pages of the largest team there was, and what has become slower since the smallest: these
    depend on what was measured."""
    goals: list[Goal] = []
    for database, sizes in results.get("pages", {}).items():
        largest = max(sizes, key=int)
        page = ("pages", database, largest, "log")
        among = f"log page among {int(largest):,} entries, {NAMES[database]}"
        goals.append(AtMost(f"{among}, p95", (*page, "p95_ms"), 40, "ms"))
        goals.append(AtMost(f"{among}, queries", (*page, "queries"), 8))
    for database, told in results.get("growth", {}).items():
        goals += _of_growth(database, told["ratios"])
    return goals


def _of_growth(database: str, ratios: Mapping[str, Any]) -> list[Goal]:
    return [
        AtLeast(
            f"{figure} among {int(size):,} rows against the smallest, {NAMES[database]}",
            ("growth", database, "ratios", size, figure),
            0.8,
        )
        for size, figures in ratios.items()
        for figure in figures
    ]


NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
STORED = "durable hooks a second on one core, against"
GOALS: tuple[Goal, ...] = (
    AtLeast(f"{STORED} raw SQLite, 100 rows a commit", ("ingest", "vs_raw_sqlite"), 0.4),
    AtLeast(f"{STORED} raw SQLite, one row a commit", ("ingest", "vs_one_a_commit"), 2.5),
    AtLeast(f"{STORED} a Django view and its ORM", ("ingest", "vs_django_view"), 15),
    AtLeast(f"{STORED} Debian's webhook, which stores nothing", ("ingest", "vs_webhook"), 10),
    AtLeast(f"{STORED} the same view, on PostgreSQL", ("postgres", "vs_django_view"), 18),
    AtLeast(f"{STORED} the view, fsync 3 ms slower", ("slow_disk", "vs_django_view"), 25),
    AtMost("acknowledged at 64 senders, p99", ("latency", "at_64", "p99_ms"), 15, "ms"),
    AtMost("acknowledged at 256 senders, p99", ("latency", "at_256", "p99_ms"), 60, "ms"),
    AtMost(
        "acknowledged while pages and the worker are busy, 64 connections at 1,000/s, p99",
        ("latency", "busy_steady", "p99_ms"),
        20,
        "ms",
    ),
    AtMost(
        "the same, 64 senders as fast as they can, p99", ("latency", "busy", "p99_ms"), 20, "ms"
    ),
    AtMost(
        "hook sent until entry visible, 2,000/s, p50", ("visible", "at_2000", "p50_ms"), 10, "ms"
    ),
    AtMost(
        "hook sent until entry visible, 2,000/s, p99", ("visible", "at_2000", "p99_ms"), 30, "ms"
    ),
    AtMost("hook sent until entry visible, 200/s, p50", ("visible", "at_200", "p50_ms"), 10, "ms"),
    AtMost("hook sent until entry visible, 200/s, p99", ("visible", "at_200", "p99_ms"), 30, "ms"),
    AtLeast("receipts to entries, against one at a time", ("processing", "vs_one_at_a_time"), 10),
    AtLeast("two processes that take hooks, against one", ("scale", "ingest_2_vs_1"), 1),
    AtLeast("two processes that read hooks, against one", ("scale", "work_2_vs_1"), 1),
    AtMost("start until it answers", ("start", "until /healthz answers", "with"), 1500, "ms"),
    AtMost("memory at rest", ("memory", "at_rest_mb"), 120, "MB"),
)
