"""How much memory the process takes that does everything: at rest, and after a load."""

from __future__ import annotations

import time
from pathlib import Path

from bench.databases import kept
from bench.pace import Pace
from bench.processes import Served
from bench.serving import ours
from bench.watching import Page
from bench.wrk import load

#: Until all integrations are loaded, in seconds.
REST = 3


def measure(pace: Pace, folder: Path) -> dict[str, float]:
    where = kept(folder, "memory")
    with ours(where) as server:
        time.sleep(REST)
        Page(server.url, where.cookie).read("/t/analytical-engines")
        at_rest = server.rss_mb
        return {"at_rest_mb": at_rest, "after_load_mb": _after_load(server, pace)}


def _after_load(server: Served, pace: Pace) -> float:
    for connections in (64, 256):
        load(server.url, f"memory-{connections}", seconds=pace.seconds, connections=connections)
    return server.rss_mb
