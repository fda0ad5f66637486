"""How long is measured, and on how much."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Pace:
    """``seconds`` of load, in so many ``rounds``; ``starts`` of the process; ``receipts`` that are
    processed in a turn; ``visits`` to a page; ``sizes`` of the team, smallest first."""

    name: str
    seconds: int
    rounds: int
    starts: int
    receipts: int
    visits: int
    sizes: tuple[int, ...]


FULL = Pace("full", 5, 5, 5, receipts=4000, visits=100, sizes=(10_000, 1_000_000))
HUGE = replace(FULL, name="huge", sizes=(*FULL.sizes, 10_000_000))
QUICK = Pace("quick", 1, 2, 1, receipts=600, visits=5, sizes=(1_000, 8_000))
#: Whether everything runs. What it says means nothing.
TINY = Pace("tiny", 1, 1, 1, receipts=200, visits=3, sizes=(500, 2_000))
PACES = {pace.name: pace for pace in (FULL, HUGE, QUICK, TINY)}
