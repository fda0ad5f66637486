"""How much time of a core programs have taken: what one hook costs, wherever that is spent."""

from __future__ import annotations

import os
from pathlib import Path

from bench.sums import Reading
from faults.databases import Postgres

TICKS = os.sysconf("SC_CLK_TCK")


class Spent:
    """By these processes and by a database, from now on."""

    def __init__(self, pids: list[int], database: int) -> None:
        self._pids, self._database = pids, database
        self._before = self._now()

    def _now(self) -> tuple[float, float]:
        return sum(map(seconds, self._pids)), of_family(self._database)

    def for_each_of(self, hooks: float) -> Reading:
        """Milliseconds for one of so many."""
        pairs = zip(self._now(), self._before, strict=True)
        process, database = (1000 * (now - then) / max(hooks, 1) for now, then in pairs)
        return {"process_ms": process, "database_ms": database}


def postmaster(server: Postgres) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().split()[0])


def seconds(pid: int) -> float:
    """Of a process, and of those of its children that have ended and been waited for."""
    return sum(map(int, _fields(pid)[11:15])) / TICKS


def of_family(pid: int) -> float:
    """Of a process and its children, such as a PostgreSQL server and its connections."""
    return seconds(pid) + sum(map(seconds, children(pid)))


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    lists = [(task / "children").read_text().split() for task in tasks.iterdir()]
    return [int(child) for each in lists for child in each]


def _fields(pid: int) -> list[str]:
    """Those after the name, which may hold blanks: https://docs.kernel.org/filesystems/proc.html"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
