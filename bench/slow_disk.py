"""On a disk whose fsync takes three milliseconds: what group commit is for."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.databases import kept
from bench.ingest import FEW, raw, sent
from bench.machine import has
from bench.pace import Pace
from bench.serving import ours, plain_view
from bench.sums import medians, ratio, rounds

SOURCE = Path(__file__).with_name("slow_fsync.c")


def measure(pace: Pace, folder: Path) -> dict[str, Any]:
    if not has("cc"):
        return {"skipped": "There is no C compiler here, so no disk could be slowed down."}
    slow = {"LD_PRELOAD": str(compiled(folder))}
    with ExitStack() as stack:
        our = stack.enter_context(ours(kept(folder, "slow"), "ingest", env=slow))
        view = stack.enter_context(plain_view(folder, slow))
        measures = {
            "ours": sent("slow", our, pace, FEW),
            "django_view": sent("slow-view", view, pace, FEW),
            "raw_1": lambda n: raw(folder, 1, pace, **slow),
        }
        told = rounds(measures, pace.rounds)
    return {
        **medians(told["ours"]),
        "vs_django_view": ratio(told, "ours", "django_view"),
        "vs_one_a_commit": ratio(told, "ours", "raw_1"),
        "contestants": {name: medians(runs) for name, runs in told.items()},
    }


def compiled(folder: Path) -> Path:
    shim = folder / "slow_fsync.so"
    words = ["-shared", "-fPIC", "-O2", str(SOURCE), "-o", str(shim), "-ldl"]
    subprocess.run(["cc", *words], check=True)
    return shim
