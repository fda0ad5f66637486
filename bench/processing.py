"""How many hooks one process reads in a second, and how much room a hook and its entry take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.databases import has_postgres, kept, private_postgres
from bench.inside import Inside
from bench.pace import Pace
from bench.sums import medians, ratio, rounds

#: One at a time is slow: so many fewer.
FEWER = 5


def measure(pace: Pace, folder: Path) -> dict[str, Any]:
    with Inside(kept(folder, "processing").env) as inside:
        told = on(inside, pace)
    if has_postgres():
        with on_postgres(folder) as inside:
            told["postgresql"] = on(inside, pace)
    return told


@contextmanager
def on_postgres(folder: Path) -> Iterator[Inside]:
    with (
        private_postgres(folder) as server,
        Inside(kept(folder, "processing_pg", server).env) as inside,
    ):
        yield inside


def on(inside: Inside, pace: Pace) -> dict[str, Any]:
    before = inside.ask("processing.sizes")
    many, few = pace.receipts, pace.receipts // FEWER
    inside.ask("processing.batched", many=many)
    bytes_each = each(before, inside.ask("processing.sizes"), many)
    measures = {
        "batched": lambda n: {"per_s": inside.ask("processing.batched", many=many)},
        "single": lambda n: {"per_s": inside.ask("processing.one_at_a_time", many=few)},
    }
    told = rounds(measures, pace.rounds)
    return {
        "receipts_per_s": medians(told["batched"])["per_s"],
        "one_at_a_time_per_s": medians(told["single"])["per_s"],
        "vs_one_at_a_time": ratio(told, "batched", "single", key="per_s"),
        "bytes_per_receipt": bytes_each["inbox"],
        "bytes_per_entry": bytes_each["log"],
    }


def each(before: Mapping[str, int], after: Mapping[str, int], many: int) -> dict[str, int]:
    return {name: round((after[name] - before[name]) / many) for name in after}
