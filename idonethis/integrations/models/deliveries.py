"""How deliveries are found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import models

from idonethis.background import OUTBOX
from idonethis.integrations.models.bucket import TICK, Bucket, Empty, taking_from
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.line import LineQuerySet
from idonethis.integrations.models.link_states import CARRYING

#: Longer than a partner may take to answer, so that nobody else posts the same meanwhile.
LEASE = timedelta(minutes=3)
#: Of what is due: it did not arrive so far.
TRIED = models.Q(attempts__gt=0) & ~models.Q(trouble="")


class DeliveryQuerySet(LineQuerySet[Any]):
    def behind(self) -> DeliveryQuerySet:
        """Delivered once, but the entry has changed since."""
        return self.filter(state="done", delivered_revision__lt=models.F("entry__revision"))

    def held(self) -> DeliveryQuerySet:
        """Those that wait until their link is put right."""
        return self.filter(state="held")

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
        released = self.held().start_over()
        self.waiting().start_over()
        OUTBOX.wake_on_commit()
        return released

    def overlooked(self) -> DeliveryQuerySet:
        """Held in the very moment in which the trouble of their link was over."""
        return self.held().filter(link__state__in=CARRYING)

    def pick_up_link(self) -> IntegrationLink | None:
        """A link by which something has to go out, and may by now, for one carrier alone: whose
        turn it is."""
        something = models.Exists(self.due().filter(link=models.OuterRef("pk")))
        empty = Bucket.objects.left()
        ready = IntegrationLink.objects.ready().filter(something).exclude(taking_from(empty))
        found = self._first_of(ready.in_turn()[:20])
        if not found and empty:
            OUTBOX.look_in(max(min(empty.values()), TICK))
        return found

    def _first_of(self, links: Iterable[IntegrationLink]) -> IntegrationLink | None:
        """Others may have been quicker with these, and with what their partners take."""
        spent: set[str] = set()
        for link in links:
            if spent.isdisjoint(name for name, _ in Bucket.objects.of(link)):
                try:
                    if found := IntegrationLink.objects.pick_up(link.pk, lease=LEASE):
                        return found
                except Empty as problem:
                    spent.add(str(problem))
        if spent:
            OUTBOX.look_in(TICK)
        return None
