from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from idonethis.background import OUTBOX, insist
from idonethis.crashes import may_crash
from idonethis.entries.models import Entry
from idonethis.entries.signals import entry_changed, entry_created
from idonethis.integrations.base import Sends
from idonethis.integrations.http import Again, Failed, Never
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.lease import BACKOFF, Leased, LeasedQuerySet
from idonethis.metrics import DELIVERIES

log = logging.getLogger(__name__)

#: Longer than a partner may take to answer, so that nobody else posts the same meanwhile.
LEASE = timedelta(minutes=3)


class DeliveryQuerySet(LeasedQuerySet["Delivery"]):
    def behind(self) -> DeliveryQuerySet:
        """Delivered once, but the entry has changed since."""
        return self.filter(state="done", delivered_revision__lt=models.F("entry__revision"))

    def take_over(self) -> int:
        """What has failed before waits as long as it was told to, by a partner perhaps."""
        return super(DeliveryQuerySet, self.filter(trouble="")).take_over()

    def release(self) -> int:
        """Sends what was held while the link was in trouble, oldest first."""
        released = self.filter(state="held").start_over()
        OUTBOX.wake_on_commit()
        return released


class Delivery(Leased):
    """The outbox: one entry at one link, and how far the partner's copy is behind. Edits and
    deletions make no further rows, so that they cannot overtake each other and a storm of them is
    one call. States: due, done, held (the link is in trouble), failed."""

    link = models.ForeignKey(IntegrationLink, models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="deliveries")
    delivered_revision = models.PositiveIntegerField(default=0)
    #: The partner's name of our post, by which it is changed and removed.
    reference = models.CharField(max_length=300, blank=True)
    trouble = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "entry"], name="deliver_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="deliveries_due")
        ]

    @classmethod
    def after_entry_created(cls, entry: Entry, **_: Any) -> None:
        """One row for each sending link of the team, never for where the entry came from."""
        links = IntegrationLink.objects.sending().filter(team=entry.team)
        elsewhere = [link for link in links if link.hash_id != entry.origin]
        if elsewhere:
            cls.objects.bulk_create(cls(link=link, entry=entry) for link in elsewhere)
            OUTBOX.wake_on_commit()

    @classmethod
    def after_entry_changed(cls, entry: Entry, **_: Any) -> None:
        """What is under way looks again when it is through; what is through starts again."""
        cls.objects.filter(entry=entry, state="done").start_over()
        OUTBOX.wake_on_commit()

    @classmethod
    def drain(cls) -> int:
        """Delivers what is due, a few at a time; returns how many were tried."""
        deliveries = cls.objects.due().claim(4, lease=LEASE)
        for delivery in deliveries:
            may_crash("before_outgoing")
            delivery.deliver()
        return len(deliveries)

    def deliver(self) -> None:
        """One attempt. Outside any transaction, since a partner may take its time."""
        revision = self.entry.revision
        try:
            self._bring_up_to_date()
        except Again as problem:
            self._try_later(problem)
        except Never as problem:
            self._give_up(problem)
        except Exception as problem:
            log.exception("Delivery %s failed", self.pk)
            self._try_later(Again(f"Our own fault ({type(problem).__name__})."))
        else:
            self._succeed(revision)

    def _bring_up_to_date(self) -> None:
        integration, link = self.link.integration, self.link
        if not isinstance(integration, Sends):
            raise Never(f"{integration.name} takes no entries.")
        client = link.client()
        wanted = not self.entry.deleted_at and integration.wants(self.entry, link)
        if wanted and self.reference:
            integration.update(self.entry, link, client, reference=self.reference)
        elif wanted:
            reference = integration.deliver(self.entry, link, client)
            may_crash("after_partner_200")
            self._keep_reference(reference)
        elif self.reference:
            integration.retract(link, client, reference=self.reference)
            self._keep_reference("")

    def _keep_reference(self, reference: str) -> None:
        """Kept whoever holds the lease by now: without it a second post would be made."""
        self.reference = reference
        mine = type(self).objects.filter(pk=self.pk)
        insist(lambda: mine.update(reference=reference))

    def _try_later(self, problem: Failed) -> None:
        if self.attempts >= len(BACKOFF):
            self._count("failed")
            self.finish(state="failed", trouble=str(problem)[:300])
            return
        self._count("again")
        self.again(at=_not_before(problem), trouble=str(problem)[:300])

    def _give_up(self, problem: Never) -> None:
        self.link.troubled_by(problem)
        state = "held" if self.link.is_in_trouble else "failed"
        self._count(state)
        self.finish(state=state, trouble=str(problem)[:300])

    def _succeed(self, revision: int) -> None:
        now = timezone.now()
        self._count("done")
        self.finish(state="done", trouble="", delivered_revision=revision, delivered_at=now)
        self.link.sent()
        type(self).objects.behind().filter(pk=self.pk).start_over()

    def _count(self, result: str) -> None:
        DELIVERIES.labels(self.link.integration_type, result).inc()


def _not_before(problem: Failed) -> datetime | None:
    after = getattr(problem, "after", None)
    return timezone.now() + timedelta(seconds=after) if after else None


entry_created.connect(Delivery.after_entry_created)
entry_changed.connect(Delivery.after_entry_changed)
