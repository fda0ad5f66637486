"""The results as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

WIDE = 64
#: Said of runs that took less time than a figure takes to come to rest.
HURRIED = {
    "quick": "**A quick run**: short, and with smaller teams than the goals are about. ",
    "tiny": "**No run at all**: it shows that everything runs, and its figures mean nothing. ",
}
ENDS = {True: "met", False: "NOT MET", None: "not measured"}


def table(results: Mapping[str, Any]) -> str:
    return "\n".join(["", on(results["machine"]), "", *figures(results), "", *goals(results)])


def on(machine: Mapping[str, Any]) -> str:
    databases = [f"SQLite {machine['sqlite']}"]
    databases += [f"PostgreSQL {machine['postgresql']}"] if machine["postgresql"] else []
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['ram_gb']:g} GB, fsync "
        f"{machine['fsync_ms']:g} ms, Linux {machine['kernel']}, Python {machine['python']}, "
        f"{', '.join(databases)}"
    )


def hurried(results: Mapping[str, Any]) -> str:
    return HURRIED.get(results["pace"], "")


def figures(results: Mapping[str, Any]) -> Iterator[str]:
    """Every number there is, a line each, under the names that lead to it."""
    for name, told in results.items():
        if isinstance(told, Mapping) and name != "machine":
            yield from _lines(name, told)


def _lines(path: str, told: Mapping[str, Any]) -> Iterator[str]:
    for name, value in told.items():
        where = f"{path}.{name}"
        if isinstance(value, Mapping):
            yield from _lines(where, value)
        else:
            yield f"{where:<{WIDE}} {number(value):>14}"


def number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "-" if value is None else str(value)
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def goals(results: Mapping[str, Any]) -> Iterator[str]:
    yield f"{'goal':<92} {'':>10} {'measured':>10}"
    for goal in results["goals"]:
        end = ENDS[goal["met"]]
        yield f"{goal['about']:<92} {goal['goal']:>10} {number(goal['measured']):>10}  {end}"
