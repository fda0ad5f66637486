from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from django.db import models, transaction
from django.utils import timezone

from idonethis.integrations.base import ReceivesForAll
from idonethis.integrations.models.integration_link import IntegrationLink

#: How long it is remembered that hooks were refused.
KEPT = timedelta(days=30)


class Slot(NamedTuple):
    """Whose hooks were refused, why and when. ``link_id`` 0: nobody can say whose they were, since
    the address is nobody's, or everybody's and the body is not to be believed."""

    integration_type: str
    link_id: int
    reason: str
    hour: datetime


class Count(NamedTuple):
    """How many there were, and between when."""

    number: int
    first_seen: datetime
    last_seen: datetime


class RefusalQuerySet(models.QuerySet["Refusal"]):
    @transaction.atomic
    def add(self, counted: Mapping[Slot, Count]) -> None:
        """Whatever is sent, one row for each link, reason and hour, and none for ever."""
        are_new = [self._add(slot, count) for slot, count in counted.items()]
        if any(are_new):
            self.filter(hour__lt=timezone.now() - KEPT).delete()

    def _add(self, slot: Slot, count: Count) -> bool:
        seen = {"first_seen": count.first_seen, "last_seen": count.last_seen}
        row, is_new = self.get_or_create(**slot._asdict(), defaults=seen)
        self.filter(pk=row.pk).update(
            count=models.F("count") + count.number, last_seen=max(row.last_seen, count.last_seen)
        )
        return is_new

    def of_links(self, links: Collection[IntegrationLink]) -> Self:
        """Those that came to the addresses of these links, of which some may be everybody's."""
        shared = {
            link.integration_type for link in links if isinstance(link.integration, ReceivesForAll)
        }
        own = models.Q(link_id__in=[link.pk for link in links])
        return self.filter(own | models.Q(link_id=0, integration_type__in=shared))

    def lately(self, within: timedelta) -> Self:
        return self.filter(last_seen__gte=timezone.now() - within)


class Refusal(models.Model):
    """How many hooks were refused in one hour, and why. They are not stored, but a team must be
    able to see that they came."""

    integration_type = models.CharField(max_length=40)
    #: Without a constraint: what was counted a second ago may be of a link that is gone by now.
    link_id = models.BigIntegerField()
    reason = models.CharField(max_length=20)
    hour = models.DateTimeField()
    count = models.BigIntegerField(default=0)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    objects = RefusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link_id", "integration_type", "reason", "hour"], name="one_count_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.reason}"
