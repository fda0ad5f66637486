from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from idonethis.integrations.models.registered_hook import RegisteredHook

RECENTLY = timedelta(days=7)


class Kind(models.TextChoices):
    """What was wrong with a webhook at the partner, and is right again."""

    MADE_AGAIN = "made_again", "was gone. It was made again."
    RUN_OUT = "run_out", "had run out. It was made again."
    SWITCHED_ON = "switched_on", "was switched off. It was switched on again."
    ADDRESS = "address", "sent to another address. It sends here again."
    EVENTS = "events", "did not send what it should. Its events were put right."
    SETTINGS = "settings", "had other settings than we gave it. They were put right."
    SECRET = "secret", "signed with another secret than ours. It was given ours again."
    DELIVERIES = "deliveries", "had deliveries that did not reach us."


class RepairQuerySet(models.QuerySet["Repair"]):
    def note(self, hook: RegisteredHook, kind: Kind) -> None:
        """What comes up again and again is one note."""
        last = self.filter(registered_hook=hook).first()
        if last and last.kind == kind and last.at > timezone.now() - RECENTLY:
            last.count, last.at = last.count + 1, timezone.now()
            last.save(update_fields=["count", "at"])
        else:
            self.create(registered_hook=hook, kind=kind, count=1)

    def note_deliveries(
        self, hook: RegisteredHook, count: int, *, first: datetime, last: datetime
    ) -> None:
        """Once for one gap, also where the rest of it is asked for later."""
        gap = {"registered_hook": hook, "kind": Kind.DELIVERIES, "last_at": last}
        self.get_or_create(**gap, defaults={"count": count, "first_at": first})


class Repair(models.Model):
    """What we found and put right at a partner, for those who read the page of a link."""

    registered_hook = models.ForeignKey(RegisteredHook, models.CASCADE, related_name="repairs")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    #: How often; of deliveries how many, and between when they had been tried.
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)

    objects: ClassVar[RepairQuerySet] = RepairQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-pk",)
