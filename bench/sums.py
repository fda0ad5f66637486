"""What becomes of many readings: medians, ratios within rounds, percentiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

Reading = Mapping[str, float]
Rounds = Mapping[str, Sequence[Reading]]


def rounds(measures: Mapping[str, Callable[[int], Reading]], count: int) -> Rounds:
    """Everybody once, then everybody again: a machine that is slower for a while, as a shared one
    may be, is so for all of them. Each is told the number of the round; one of them is first in
    each in turn, so that nobody always comes after the same."""
    told: dict[str, list[Reading]] = {name: [] for name in measures}
    names = list(measures)
    for number in range(count):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            told[name].append(measures[name](number))
    return told


def medians(runs: Sequence[Reading]) -> dict[str, float]:
    """Of each figure by itself."""
    return {key: rounded(median(run[key] for run in runs)) for key in runs[0]}


def ratio(told: Rounds, one: str, other: str, *, key: str = "hooks_per_s") -> float | None:
    """The median of what it is in each round; None where one of them did not run, or came to
    nothing in all of them."""
    pairs = zip(told.get(one, ()), told.get(other, ()), strict=False)
    ratios = [a[key] / b[key] for a, b in pairs if b[key]]
    return rounded(median(ratios)) if ratios else None


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest reading that so large a share of all does not exceed (nearest rank). Raises
    ValueError where there is none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("Nothing was measured.")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Iterable[float]) -> dict[str, float]:
    """Of seconds, in milliseconds."""
    taken = [value * 1000 for value in values]
    shares = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
    return {name: rounded(percentile(taken, share)) for name, share in shares.items()}


def rounded(value: float) -> float:
    """To three digits, or whole: more would be noise."""
    if value == 0 or not math.isfinite(value):
        return value
    digits = 2 - math.floor(math.log10(abs(value)))
    return round(value, digits) if digits > 0 else float(round(value))
