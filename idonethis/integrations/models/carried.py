"""What goes out by a link goes out in order: one carrier at a time has it, and all of it rests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

Row = TypeVar("Row", bound="Carried")


class CarriedQuerySet(models.QuerySet[Row]):
    def ready(self) -> Self:
        """Those for which nobody carries just now, and that do not rest."""
        now = timezone.now()
        free = Q(carried_until=None) | Q(carried_until__lt=now)
        return self.filter(free, Q(rests_until=None) | Q(rests_until__lte=now))

    def pick_up(self, pk: int, *, lease: timedelta) -> Row | None:
        """None: somebody else was quicker."""
        until = timezone.now() + lease
        mine = self.ready().filter(pk=pk).update(carried_until=until)
        return self.get(pk=pk) if mine else None


class Carried(models.Model):
    #: Until when one carrier has all that goes out by this link.
    carried_until = models.DateTimeField(null=True)
    #: Until when the partner is left in peace, by what is due and by what comes meanwhile.
    rests_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def put_down(self) -> None:
        type(self)._base_manager.filter(pk=self.pk).update(carried_until=None)

    def rest(self, until: datetime | None) -> None:
        """None: no longer."""
        type(self)._base_manager.filter(pk=self.pk).update(rests_until=until)
