from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any, ClassVar

from django.db import IntegrityError, models
from django.utils import timezone

from idonethis.background import OUTBOX, insist
from idonethis.crashes import may_crash
from idonethis.entries.models import Entry
from idonethis.entries.signals import entry_changed, entry_created
from idonethis.integrations.base import Sends
from idonethis.integrations.http import Again, Failed, Never
from idonethis.integrations.models.attempt import Attempt
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.line import MOST_TRIES, InLine, LineQuerySet
from idonethis.integrations.models.link_states import CARRYING
from idonethis.metrics import DELIVERIES

log = logging.getLogger(__name__)

#: Longer than a partner may take to answer, so that nobody else posts the same meanwhile.
LEASE = timedelta(minutes=3)
#: Of what is due: it did not arrive so far.
TRIED = models.Q(attempts__gt=0) & ~models.Q(trouble="")


class DeliveryQuerySet(LineQuerySet["Delivery"]):
    def behind(self) -> DeliveryQuerySet:
        """Delivered once, but the entry has changed since."""
        return self.filter(state="done", delivered_revision__lt=models.F("entry__revision"))

    def with_result(self, result: str) -> DeliveryQuerySet:
        """Those whose ``result`` is this one."""
        states = {"sent": "done", "not_sent": "done", "waiting": "due", "again": "due"}
        found = self.filter(state=states.get(result, result))
        parts = {
            "sent": ~models.Q(reference=""),
            "not_sent": models.Q(reference=""),
            "waiting": ~TRIED,
            "again": TRIED,
        }
        return found.filter(parts.get(result, models.Q()))

    def overdue(self) -> DeliveryQuerySet:
        """Those that did not arrive, so far or for good."""
        again = models.Q(state="due") & TRIED
        return self.filter(again | models.Q(state__in=("held", "failed")))

    def take_over(self) -> int:
        """What has failed before waits as long as it was told to, by a partner perhaps."""
        return super(DeliveryQuerySet, self.filter(trouble="")).take_over()

    def release(self) -> int:
        """Sends what was held while the link was in trouble, and no longer waits with the rest,
        oldest first. Returns how many were held."""
        released = self.filter(state="held").start_over()
        self.waiting().start_over()
        OUTBOX.wake_on_commit()
        return released

    def overlooked(self) -> DeliveryQuerySet:
        """Held in the very moment in which the trouble of their link was over."""
        return self.filter(state="held", link__state__in=CARRYING)

    def pick_up_link(self) -> IntegrationLink | None:
        """A link by which something has to go out, for one carrier alone: first that which has
        sent nothing for longest."""
        something = models.Exists(self.due().filter(link=models.OuterRef("pk")))
        patience = models.F("last_sent_at").asc(nulls_first=True)
        ready = IntegrationLink.objects.ready().filter(something).order_by(patience, "pk")
        links = ready.values_list("pk", flat=True)[:20]
        found = (IntegrationLink.objects.pick_up(pk, lease=LEASE) for pk in links)
        return next((link for link in found if link), None)


class Delivery(InLine):
    """The outbox: one entry at one link, and how far the partner's copy is behind. Edits and
    deletions make no further rows, so that they cannot overtake each other and a storm of them is
    one call. States: due, done, held (the link is in trouble), failed."""

    link = models.ForeignKey(IntegrationLink, models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="deliveries")
    delivered_revision = models.PositiveIntegerField(default=0)
    #: The partner's name of our post, by which it is changed and removed.
    reference = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "entry"], name="deliver_once")]
        indexes = [
            models.Index(
                fields=["link", "due_at"], condition=models.Q(state="due"), name="deliveries_line"
            )
        ]

    @property
    def result(self) -> str:
        """How far it is, in a word for programs: see reasons.DELIVERIES."""
        if self.state == "done":
            return "sent" if self.reference else "not_sent"
        waits = self.state == "due"
        return ("again" if self.attempts and self.trouble else "waiting") if waits else self.state

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
        """Delivers the next of what is due by one link, while no other carrier has it; returns
        whether there was any."""
        link = cls.objects.pick_up_link()
        if link is None:
            return 0
        try:
            for delivery in cls.objects.due().filter(link=link).claim(1, lease=LEASE):
                may_crash("before_outgoing")
                delivery.deliver()
        finally:
            link.put_down()
        return 1

    @property
    def _line(self) -> DeliveryQuerySet:
        return type(self).objects.filter(link=self.link)

    def deliver(self) -> None:
        """One attempt. Outside any transaction, since a partner may take its time."""
        if self.link.is_gone:
            self.finish(state="failed", trouble="The link was removed.")
        elif not self.link.carries:
            self.finish(state="held")
        else:
            self._attempt()

    def _attempt(self) -> None:
        at, began = timezone.now(), time.monotonic()
        self._try()
        took = round((time.monotonic() - began) * 1000)
        self._note(Attempt(at=at, took=took, result=self.result, said=self.trouble))

    def _note(self, attempt: Attempt) -> None:
        attempt.delivery = self
        try:
            attempt.save()
        except IntegrityError:
            log.info("Delivery %s went with its team while it was tried", self.pk)

    def _try(self) -> None:
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
        if self.attempts >= MOST_TRIES:
            self._count("failed")
            self.finish(state="failed", trouble=str(problem)[:300])
            return
        self._count("again")
        until = self.put_off(problem)
        if until:
            self.link.rest(until)

    def _give_up(self, problem: Never) -> None:
        self.link.troubled_by(problem)
        state = "failed" if self.link.carries else "held"
        self._count(state)
        self.finish(state=state, trouble=str(problem)[:300])

    def _succeed(self, revision: int) -> None:
        now = timezone.now()
        self._count("done")
        self.finish(state="done", trouble="", delivered_revision=revision, delivered_at=now)
        self.link.sent()
        if self.attempts > 1:
            self._line.hurry()
        type(self).objects.behind().filter(pk=self.pk).start_over()

    def _count(self, result: str) -> None:
        DELIVERIES.labels(self.link.integration_type, result).inc()


entry_created.connect(Delivery.after_entry_created)
entry_changed.connect(Delivery.after_entry_changed)
