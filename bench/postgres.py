"""The same on a private PostgreSQL."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.databases import kept, private_postgres
from bench.ingest import FEW, MANY, sent
from bench.pace import Pace
from bench.serving import ours, plain_view
from bench.sums import medians, ratio, rounds


def measure(pace: Pace, folder: Path) -> dict[str, Any]:
    with private_postgres(folder) as server, ExitStack() as stack:
        server.create("plain")
        our = stack.enter_context(ours(kept(folder, "ours", server), "ingest"))
        view = stack.enter_context(plain_view(folder, server.settings("plain")))
        measures = {
            "ours": sent("pg", our, pace, FEW),
            "ours_256": sent("pg", our, pace, MANY),
            "django_view": sent("pg-view", view, pace, FEW),
        }
        told = rounds(measures, pace.rounds)
    return {
        **medians(told["ours"]),
        "vs_django_view": ratio(told, "ours", "django_view"),
        "contestants": {name: medians(runs) for name, runs in told.items()},
    }
