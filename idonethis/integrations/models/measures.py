"""How much waits, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson
from idonethis.integrations.reads import BARE
from idonethis.metrics import Gauge


def inbox_due() -> int:
    return sum(rows.count() for rows in Receipt.objects.due_or_tried())


def inbox_oldest() -> float:
    each = [rows.aggregate(at=Min("received_at"))["at"] for rows in Receipt.objects.due_or_tried()]
    return _seconds_since(min(filter(None, each), default=None))


def asking() -> Mapping[tuple[str, ...], float]:
    return _counted(Receipt.objects.filter(state=BARE), "integration_type")


def outbox_due() -> int:
    return Delivery.objects.filter(state="due").count()


def outbox_oldest() -> float:
    found = Delivery.objects.filter(state="due").aggregate(oldest=Min("entry__updated_at"))
    return _seconds_since(found["oldest"])


def held() -> Mapping[tuple[str, ...], float]:
    return _counted(Delivery.objects.held(), "link__integration_type")


def links() -> Mapping[tuple[str, ...], float]:
    return _counted(IntegrationLink.objects.standing(), "integration_type", "state")


def webhooks_leaving() -> int:
    return RegisteredHook.objects.leaving().count()


def unclaimed() -> int:
    return UnclaimedPerson.objects.open().count()


def outgoing_held() -> int:
    return 1 if OutgoingHold.standing() else 0


def _seconds_since(moment: datetime | None) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0


def _counted(rows: Any, *fields: str) -> dict[tuple[str, ...], float]:
    counted = rows.order_by().values_list(*fields).annotate(Count("pk"))
    return {tuple(values): count for *values, count in counted}


GAUGES = (
    Gauge("idonethis_inbox_due", "Hooks that are stored and not processed yet.", inbox_due),
    Gauge("idonethis_inbox_oldest_seconds", "For how long the oldest of them waits.", inbox_oldest),
    Gauge(
        "idonethis_asking", "Hooks of which a partner has yet to say the rest.", asking, ("type",)
    ),
    Gauge("idonethis_outbox_due", "Entries that have not reached a partner yet.", outbox_due),
    Gauge("idonethis_outbox_oldest_seconds", "How long the oldest of them waits.", outbox_oldest),
    Gauge("idonethis_held", "Entries that wait until their link is put right.", held, ("type",)),
    Gauge("idonethis_links", "Links, by how they are.", links, ("type", "state")),
    Gauge("idonethis_webhooks_leaving", "Webhooks that must go and stand yet.", webhooks_leaving),
    Gauge("idonethis_unclaimed", "People at partners whom no team knows.", unclaimed),
    Gauge("idonethis_outgoing_held", "1 while nothing goes out after a restore.", outgoing_held),
)
