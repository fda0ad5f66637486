from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from idonethis.teams.models import Team

#: How many attempts of a delivery are kept, and of how many also what was asked and answered.
KEPT, IN_FULL = 50, 5
#: How long that is.
FULL_FOR = timedelta(days=30)
#: So many at once are looked for that are too old.
BATCH = 1000


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def full(self) -> AttemptQuerySet:
        return self.filter(exchange__isnull=False)

    def thin_out(self) -> None:
        """Of the attempts of one delivery, the newest are kept."""
        newest = list(self.values_list("pk", flat=True)[: KEPT + 1])
        if len(newest) > IN_FULL:
            self.full().filter(pk__lte=newest[IN_FULL]).update(exchange=None)
        if len(newest) > KEPT:
            self.filter(pk__lte=newest[KEPT]).delete()

    def forget(self) -> int:
        """Some of what was asked and answered so long ago that nobody needs it any more."""
        old = self.full().filter(at__lt=timezone.now() - FULL_FOR).order_by("at")
        some = list(old.values_list("pk", flat=True)[:BATCH])
        return self.filter(pk__in=some).update(exchange=None)

    def forget_in(self, teams: models.QuerySet[Team]) -> int:
        """All of it in these, whatever it holds: somebody may be named there who is to be in it no
        more."""
        theirs = self.full().filter(delivery__link__team__in=teams)
        return self.filter(pk__in=theirs.values("pk")).update(exchange=None)


class Attempt(models.Model):
    """One time that a delivery was tried: how long it took, and what the partner said to it."""

    delivery = models.ForeignKey("Delivery", models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    #: In milliseconds.
    took = models.PositiveIntegerField()
    #: As Delivery.result.
    result = models.CharField(max_length=8)
    said = models.CharField(max_length=300, blank=True)
    #: The last request and its answer, as Exchange.kept; None: none was made, or it is too old.
    exchange = models.JSONField(null=True)

    objects: ClassVar[AttemptQuerySet] = AttemptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["at"],
                condition=models.Q(exchange__isnull=False),
                name="attempts_in_full",
            )
        ]

    def __str__(self) -> str:
        return self.result
