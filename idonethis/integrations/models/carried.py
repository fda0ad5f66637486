"""What goes out by a link goes out in order: one carrier at a time has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

Row = TypeVar("Row", bound="Carried")


class CarriedQuerySet(models.QuerySet[Row]):
    def put_down(self) -> Self:
        """Those for which nobody carries just now."""
        return self.filter(Q(carried_until=None) | Q(carried_until__lt=timezone.now()))

    def pick_up(self, pk: int, *, lease: timedelta) -> Row | None:
        """None: somebody else was quicker."""
        until = timezone.now() + lease
        mine = self.put_down().filter(pk=pk).update(carried_until=until)
        return self.get(pk=pk) if mine else None


class Carried(models.Model):
    #: Until when one carrier has all that goes out by this link.
    carried_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def put_down(self) -> None:
        type(self)._base_manager.filter(pk=self.pk).update(carried_until=None)
