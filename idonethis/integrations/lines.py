"""One line of an activity: something came in or went out, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse

from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery, IntegrationLink, Receipt
from idonethis.integrations.reasons import ASKING, DELIVERIES, WAITING, Ending, ending


@dataclass(frozen=True)
class Came:
    direction: ClassVar[str] = "in"

    receipt: Receipt
    link: IntegrationLink
    entry: Entry | None = None

    @property
    def at(self) -> datetime:
        return self.receipt.received_at

    @property
    def result(self) -> str:
        return self.receipt.result

    @property
    def ending(self) -> Ending:
        return ending(self.result)

    @property
    def event(self) -> str:
        return self.receipt.event or "hook"

    @property
    def why(self) -> str:
        """Of one that is processed again, nothing of how it ended before."""
        untried = self.result in (WAITING, ASKING) and not self.receipt.attempts
        return self.ending.sentence if untried else self.receipt.why or self.ending.sentence

    @property
    def path(self) -> str:
        return reverse("receipt", args=[self.receipt.pk])

    @property
    def name(self) -> str:
        """What the partner calls the delivery."""
        return self.receipt.delivery_key


@dataclass(frozen=True)
class Went:
    direction: ClassVar[str] = "out"
    event: ClassVar[str] = "entry"

    delivery: Delivery
    link: IntegrationLink
    #: Why it waits with all others of its link; empty, where that was not looked up, too.
    queue: str = ""

    @property
    def entry(self) -> Entry:
        return self.delivery.entry

    @property
    def at(self) -> datetime:
        return self.delivery.created_at

    @property
    def result(self) -> str:
        return self.delivery.result

    @property
    def ending(self) -> Ending:
        return DELIVERIES[self.result]

    @property
    def why(self) -> str:
        return self.delivery.trouble or self._waits or self.ending.sentence

    @property
    def _waits(self) -> str:
        return self.queue if self.result == WAITING else ""

    @property
    def path(self) -> str:
        return reverse("delivery", args=[self.delivery.pk])

    @property
    def name(self) -> str:
        """What the partner calls our post."""
        return self.delivery.reference


Line = Came | Went


def facts(line: Line) -> dict[str, Any]:
    """As JSON has it. A removed entry is not told."""
    stands = line.entry and not line.entry.deleted_at
    return {
        "direction": line.direction,
        "at": line.at.isoformat(),
        "name": line.name,
        "link": {"id": line.link.hash_id, "name": line.link.short_name},
        "event": line.event,
        "result": line.result,
        "word": line.ending.word,
        "why": line.why,
        "entry": line.entry.hash_id if line.entry and stands else None,
        "url": settings.BASE_URL + line.path,
    }
