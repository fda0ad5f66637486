"""Counts refused hooks in memory, and now and then in the table: nothing is written on the hot
path, and whoever attacks cannot make it write more often, or more rows."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import DatabaseError

from idonethis.integrations.models.refusal import Count, Refusal, Slot
from idonethis.integrations.values import Reason


class Tally:
    def __init__(self) -> None:
        self._counts: dict[Slot, Count] = {}
        self._lock = threading.Lock()

    def note(self, integration_type: str, link_ids: Sequence[int], reason: Reason) -> None:
        """One hook for these links was refused just now."""
        now = datetime.now(UTC)
        hour = now.replace(minute=0, second=0, microsecond=0)
        self._add({Slot(integration_type, pk, reason, hour): Count(1, now, now) for pk in link_ids})

    def _add(self, counts: Mapping[Slot, Count]) -> None:
        with self._lock:
            for slot, count in counts.items():
                if known := self._counts.get(slot):
                    known.add(count)
                else:
                    self._counts[slot] = count

    def write(self) -> int:
        """Returns 0 whatever there was: the next time is after the usual wait."""
        with self._lock:
            counted, self._counts = self._counts, {}
        try:
            if counted:
                Refusal.objects.add(counted)
        except DatabaseError:
            self._add(counted)
            raise
        return 0


#: Of this process.
REFUSED = Tally()
