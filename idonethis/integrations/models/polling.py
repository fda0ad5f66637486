"""A link that asks its partner now and then, since the partner tells little by itself."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from idonethis.integrations.models.carried import Carried, CarriedQuerySet
from idonethis.integrations.models.lease import taken

#: Longer than asking once may take.
LEASE = timedelta(minutes=5)
#: The longest between two questions to a partner in trouble, and in times of what is usual.
LONGEST, MOST_TIMES = timedelta(hours=6), 32
#: What a partner changes in one go, is asked for in one go.
BREATH = timedelta(seconds=2)

Row = TypeVar("Row", bound="Polling")


class PollingQuerySet(CarriedQuerySet[Row]):
    def take_for_poll(self, limit: int) -> list[Row]:
        """Those whose time has come; of two workers that see one, one takes it."""
        now = timezone.now()
        due = self.filter(poll_at__lte=now).order_by("poll_at")[:limit]
        rows = list(taken(due, "poll_at", until=now + LEASE))
        for row in rows:
            row.poll_at = now + LEASE
        return rows

    def ask_soon(self) -> None:
        """There may be news. A partner that is in trouble, or wants a pause, is left in peace."""
        soon = timezone.now() + BREATH
        self.filter(poll_failures=0, poll_at__gt=soon).update(poll_at=soon)


class Polling(Carried):
    """``poll_cursor`` is what the integration wants to know the next time; ``poll_failures`` how
    often in a row nobody has answered properly."""

    poll_at = models.DateTimeField(default=timezone.now)
    poll_cursor = models.JSONField(default=dict)
    poll_failures = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def polled(self, cursor: dict[str, Any], *, every: timedelta) -> None:
        """Whoever was woken meanwhile asks once more."""
        rows = self._rows
        rows.update(poll_cursor=cursor, poll_failures=0)
        rows.filter(poll_at=self.poll_at).update(poll_at=not_all_at_once(every))

    def not_polled(self, *, every: timedelta, after: float | None) -> None:
        """Asked less and less often, and no sooner than the partner said."""
        waits = min(every * min(2 ** min(self.poll_failures, 10), MOST_TIMES), LONGEST)
        waits = max(waits, timedelta(seconds=after or 0))
        failures = models.F("poll_failures") + 1
        self._rows.update(poll_at=not_all_at_once(waits), poll_failures=failures)

    def poll_soon(self) -> None:
        """Whatever it was that nobody answered is over."""
        self._rows.update(poll_at=timezone.now(), poll_failures=0)

    @property
    def _rows(self) -> models.QuerySet[Any]:
        return type(self)._base_manager.filter(pk=self.pk)


def not_all_at_once(span: timedelta) -> datetime:
    return timezone.now() + span * random.uniform(0.9, 1.1)  # noqa: S311
