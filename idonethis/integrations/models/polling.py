"""A link that asks its partner now and then, since the partner tells nothing by itself."""

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

Row = TypeVar("Row", bound="Polling")


class PollingQuerySet(CarriedQuerySet[Row]):
    def take_for_poll(self, limit: int) -> list[Row]:
        """Those whose time has come; of two workers that see one, one takes it."""
        now = timezone.now()
        due = self.filter(poll_at__lte=now).order_by("poll_at")[:limit]
        return list(taken(due, "poll_at", until=now + LEASE))


class Polling(Carried):
    """``poll_cursor`` is what the integration wants to know the next time; ``poll_failures`` how
    often in a row nobody has answered properly."""

    poll_at = models.DateTimeField(default=timezone.now)
    poll_cursor = models.JSONField(default=dict)
    poll_failures = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def polled(self, cursor: dict[str, Any], *, every: timedelta) -> None:
        self._wait(every, poll_cursor=cursor, poll_failures=0)

    def not_polled(self, *, every: timedelta, after: float | None) -> None:
        """Asked less and less often, and no sooner than the partner said."""
        waits = min(every * min(2 ** min(self.poll_failures, 10), MOST_TIMES), LONGEST)
        waits = max(waits, timedelta(seconds=after or 0))
        self._wait(waits, poll_failures=models.F("poll_failures") + 1)

    def poll_soon(self) -> None:
        """Whatever it was that nobody answered is over."""
        self._wait(timedelta(), poll_failures=0)

    def _wait(self, span: timedelta, **fields: Any) -> None:
        rows = type(self)._base_manager.filter(pk=self.pk)
        rows.update(poll_at=not_all_at_once(span), **fields)


def not_all_at_once(span: timedelta) -> datetime:
    return timezone.now() + span * random.uniform(0.9, 1.1)  # noqa: S311
