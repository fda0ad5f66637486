"""What goes out by one link stands in one line, oldest first. Where the partner does not take the
first, all of them wait; where it is about that one alone, the others pass it after a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models
from django.utils import timezone

from idonethis.integrations.http import Away, Failed
from idonethis.integrations.models.lease import Leased, LeasedQuerySet

#: Waits between tries, in seconds; the last one repeats. They may be short, since of a whole line
#: only its first few try: so a partner that comes back after a day is found within minutes.
WAITS = (5, 60, 300, 900)
#: Who has been tried so often lets those behind pass, for it may be about this one alone.
STUBBORN = 4
#: So many at once are no accident: it is about the partner, and all the others wait for them.
MOST_STUBBORN = 3
#: After so many tries, about three days, nothing is tried by itself any more.
MOST_TRIES = len(WAITS) + 3 * 24 * 4
#: The shortest wait that a partner may ask for, in seconds.
SHORTEST = 1.0

Row = TypeVar("Row", bound="InLine")


class LineQuerySet(LeasedQuerySet[Row]):
    def waiting(self) -> Self:
        """Those that have failed and wait."""
        return self.filter(state="due", due_at__gt=timezone.now()).exclude(trouble="")

    def hurry(self) -> int:
        """The partner is back: nobody need wait any longer."""
        return self.waiting().update(due_at=timezone.now())


class InLine(Leased):
    """``trouble``: why the last try failed."""

    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def _line(self) -> LineQuerySet[Any]:
        """All of its link, itself too."""
        raise NotImplementedError

    def put_off(self, problem: Failed) -> datetime | None:
        """Until later. Returns until when the whole line waits; None where only this one does. A
        pause that the partner asks for is for all, and does not count as a try."""
        trouble, until = str(problem)[:300], _soon(wait_after(problem, self.attempts))
        if asked_for(problem) is None:
            until = self._after_elders(until)
            mine = self.again(at=until, trouble=trouble)
            return until if mine and self._stops_the_line(problem) else None
        mine = self.again(at=until, trouble=trouble, attempts=max(1, self.attempts - 1))
        return until if mine else None

    def _after_elders(self, until: datetime) -> datetime:
        """Never before an older one that waits: that one is to arrive first."""
        elder = self._line.waiting().filter(pk__lt=self.pk).order_by("pk").first()
        return max(until, elder.due_at) if elder else until

    def _stops_the_line(self, problem: Failed) -> bool:
        if isinstance(problem, Away) or self.attempts < STUBBORN:
            return True
        stubborn = self._line.filter(state="due", attempts__gte=STUBBORN)
        return stubborn.count() >= MOST_STUBBORN


def asked_for(problem: Failed) -> float | None:
    """The pause that the partner asks for, in seconds."""
    asked: float | None = getattr(problem, "after", None)
    return asked


def wait_after(problem: Failed, attempts: int) -> float:
    """In seconds: as long as the partner asks for, else longer with each try."""
    asked = asked_for(problem)
    return WAITS[min(attempts, len(WAITS)) - 1] if asked is None else max(asked, SHORTEST)


def _soon(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)
