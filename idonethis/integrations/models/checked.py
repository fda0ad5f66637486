from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models
from django.utils import timezone

from idonethis.background import UPKEEP
from idonethis.integrations.models.lease import Leased, LeasedQuerySet, taken

DAY = timedelta(days=1)
#: Time for a server that is just starting to listen.
SOON = timedelta(seconds=5)
#: Longer than looking after one webhook may take.
LEASE = timedelta(minutes=10)

Row = TypeVar("Row", bound="Checked")


def in_about_a_day() -> datetime:
    """Not all at once: each has its own hour, which wanders."""
    return timezone.now() + DAY * random.uniform(0.8, 1.2)  # noqa: S311


def in_a_while(span: timedelta) -> datetime:
    """No sooner, and not all at once."""
    return timezone.now() + span * random.uniform(1, 1.05)  # noqa: S311


class CheckedQuerySet(LeasedQuerySet[Row]):
    def check_soon(self) -> None:
        self.update(check_at=timezone.now() + SOON)
        UPKEEP.wake_on_commit()

    def take_for_check(self, limit: int) -> list[Row]:
        """Those whose time has come; of two workers that see one, one takes it."""
        until = timezone.now() + LEASE
        due = self.filter(check_at__lte=timezone.now()).order_by("check_at")[:limit]
        return list(taken(due, "check_at", until=until))


class Checked(Leased):
    """A webhook that stands is looked after about daily, and soon after trouble."""

    check_at = models.DateTimeField(default=in_about_a_day)
    #: Whatever the partner could not deliver until then has been asked for.
    complete_until = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def check_soon(self) -> None:
        type(self)._default_manager.filter(pk=self.pk).check_soon()  # type: ignore[attr-defined]
