"""How hard to try. ``IDONETHIS_ATTACKS=50`` makes fifty times as many examples of everything that
is made up, for a night; without it, as many as every change can wait for."""

from __future__ import annotations

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, settings

EFFORT = int(os.environ.get("IDONETHIS_ATTACKS", "1"))


def some(values: Sequence[str], place: int, *, of: int = 3) -> Sequence[str]:
    """A part of them, at the next place another one; in a night all."""
    return values if EFFORT > 1 else values[place % of :: of]


def tried(examples: int):
    return settings(
        max_examples=examples * EFFORT,
        deadline=None,
        derandomize=EFFORT == 1,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
