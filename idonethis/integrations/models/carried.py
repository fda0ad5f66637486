"""What goes out by a link goes out in order: one carrier at a time has it, and all of it rests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models, transaction
from django.db.models import F, OuterRef, Q
from django.utils import timezone

from idonethis.integrations.models.bucket import Bucket

Row = TypeVar("Row", bound="Carried")


class CarriedQuerySet(models.QuerySet[Row]):
    def ready(self) -> Self:
        """Those for which nobody carries just now, and that do not rest."""
        now = timezone.now()
        free = Q(carried_until=None) | Q(carried_until__lt=now)
        return self.filter(free, Q(rests_until=None) | Q(rests_until__lte=now))

    def in_turn(self) -> Self:
        """First those of the team that was served longest ago, however many links it has; of its
        links, that which was served longest ago."""
        served = self.model._base_manager.filter(team=OuterRef("team"), carried_at__isnull=False)
        latest = served.order_by("-carried_at").values("carried_at")[:1]
        team = models.Subquery(latest).asc(nulls_first=True)
        return self.order_by(team, F("carried_at").asc(nulls_first=True), "pk")

    @transaction.atomic
    def pick_up(self, pk: int, *, lease: timedelta) -> Row | None:
        """With all that it takes for one request. None: somebody else was quicker. Raises Empty,
        with nothing done, where the partner takes no more just now."""
        now = timezone.now()
        carried = {"carried_until": now + lease, "carried_at": now}
        if not self.ready().filter(pk=pk).update(**carried):
            return None
        link = self.get(pk=pk)
        Bucket.objects.take(link)
        return link


class Carried(models.Model):
    #: Until when one carrier has all that goes out by this link.
    carried_until = models.DateTimeField(null=True)
    #: When a carrier took it up last.
    carried_at = models.DateTimeField(null=True)
    #: Until when the partner is left in peace, by what is due and by what comes meanwhile.
    rests_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def put_down(self) -> None:
        type(self)._base_manager.filter(pk=self.pk).update(carried_until=None)

    def rest(self, until: datetime | None) -> None:
        """None: no longer."""
        type(self)._base_manager.filter(pk=self.pk).update(rests_until=until)
