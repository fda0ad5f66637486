"""Counts refused hooks in memory, and now and then in the table: nothing is written on the hot
path, and whoever attacks cannot make it write more often, or more rows."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import DatabaseError

from idonethis.integrations.models.refusal import Count, Refusal, Slot
from idonethis.integrations.values import Reason

#: Whose hooks were refused, and why: see Slot.
Key = tuple[str, int, str]


class Tally:
    def __init__(self) -> None:
        self._counts: Counter[Key] = Counter()
        #: When the first of them was counted.
        self._since = datetime.now(UTC)
        self._lock = threading.Lock()

    def note(self, integration_type: str, link_ids: Sequence[int], reason: Reason) -> None:
        """One hook for these links was refused just now. The clock is read for the first one alone:
        this stands in the way of every hook."""
        with self._lock:
            if not self._counts:
                self._since = datetime.now(UTC)
            for pk in link_ids:
                self._counts[integration_type, pk, reason] += 1

    def write(self) -> int:
        """Returns 0 whatever there was: the next time is after the usual wait."""
        with self._lock:
            since, counted, self._counts = self._since, self._counts, Counter()
        try:
            if counted:
                Refusal.objects.add(_between(since, datetime.now(UTC), counted))
        except DatabaseError:
            self._put_back(since, counted)
            raise
        return 0

    def _put_back(self, since: datetime, counted: Counter[Key]) -> None:
        with self._lock:
            self._counts.update(counted)
            self._since = since


def _between(first: datetime, last: datetime, counted: Mapping[Key, int]) -> dict[Slot, Count]:
    hour = last.replace(minute=0, second=0, microsecond=0)
    return {
        Slot(kind, pk, reason, hour): Count(count, first, last)
        for (kind, pk, reason), count in counted.items()
    }


#: Of this process.
REFUSED = Tally()
