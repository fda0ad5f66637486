"""How long pages take, and how often they ask the database, in a small team and in a large one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.inside import Inside
from bench.pace import Pace
from bench.sums import spread
from bench.teams import databases, team

PAGES = ("log", "activity", "integrations", "why")


def measure(pace: Pace, folder: Path) -> dict[str, Any]:
    """By database, size and page."""
    with databases() as found:
        return {
            name: {str(size): _measured(size, database, pace) for size in pace.sizes}
            for name, database in found.items()
        }


def _measured(size: int, database: Any, pace: Pace) -> dict[str, Any]:
    with team(size, database) as inside:
        return {page: of(page, inside, pace) for page in PAGES}


def of(page: str, inside: Inside, pace: Pace) -> dict[str, float]:
    took = inside.ask("looking.visit", page=page, times=pace.visits)
    return {**spread(took), "queries": inside.ask("looking.queries", page=page)}
