"""What it takes to take and read so many hooks, worked out from what one of them costs."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Of what a process can do, so much is planned for, and peaks have the rest.
FULL = 0.5
#: The busiest hour against the average of the day: offices work eight hours, in several time zones.
PEAK = 3
#: How long receipts are kept, in days; entries stay.
KEPT = 30
HOUR, GB = 3600, 1e9
#: Connections of one process to the database: a reader's lanes, of which most idle; the one of the
#: writer of a taker, and those of its pages.
OF_READER, OF_TAKER = 18, 8


@dataclass(frozen=True)
class Cost:
    """What one hook takes: of a core in milliseconds, of a disk in bytes."""

    take: float
    take_database: float
    read: float
    read_database: float
    receipt: int
    entry: int


@dataclass(frozen=True)
class Deployment:
    """For so many hooks an hour, on average; every one becomes an entry, which is the most."""

    hooks: int
    cost: Cost
    one_process: float

    @property
    def peak(self) -> float:
        """Hooks a second in the busiest hour."""
        return PEAK * self.hooks / HOUR

    @property
    def fits_one_process(self) -> bool:
        return self.peak <= FULL * self.one_process

    @property
    def takers(self) -> int:
        return self._processes(self.cost.take)

    @property
    def readers(self) -> int:
        return self._processes(self.cost.read)

    @property
    def database_cores(self) -> int:
        return self._processes(self.cost.take_database + self.cost.read_database)

    def _processes(self, milliseconds: float) -> int:
        return max(1, math.ceil(self.peak * milliseconds / 1000 / FULL))

    @property
    def connections(self) -> int:
        return self.readers * OF_READER + self.takers * OF_TAKER

    @property
    def gb_a_day(self) -> tuple[float, float]:
        """Of receipts, and of entries."""
        a_day = 24 * self.hooks / GB
        return a_day * self.cost.receipt, a_day * self.cost.entry

    @property
    def gb_kept(self) -> float:
        """Of receipts that are kept, and entries of a year."""
        receipts, entries = self.gb_a_day
        return receipts * KEPT + entries * 365
