"""How hard to try. ``IDONETHIS_ATTACKS=50`` makes fifty times as many examples of everything that
is made up, for a night; without it, as many as every change can wait for."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EFFORT = int(os.environ.get("IDONETHIS_ATTACKS", "1"))


def tried(examples: int):
    return settings(
        max_examples=examples * EFFORT,
        deadline=None,
        derandomize=EFFORT == 1,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
