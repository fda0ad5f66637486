"""One link: how it is, and what came and went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.requests import Request
from idonethis.entries.models import Entry
from idonethis.integrations import effects, registry
from idonethis.integrations.base import Posts, Reads
from idonethis.integrations.models import Delivery, IntegrationLink, Receipt, Repair
from idonethis.integrations.models.backfilling import can_backfill
from idonethis.integrations.models.left_out import left_out
from idonethis.integrations.models.queueing import queue
from idonethis.integrations.models.receipts import REPLAYABLE, ReceiptQuerySet
from idonethis.integrations.refused import refused
from idonethis.integrations.values import Reason
from idonethis.integrations.views.common import manages, may_leave, seen_link

#: How many receipts and deliveries a page shows.
SHOWN = 30
REPAIRS = 5


@login_required
@require_safe
@vary_on_headers("HX-Request")
def link(request: Request, hash_id: str) -> HttpResponse:
    found = seen_link(request, hash_id)
    if request.htmx:
        return render(request, "integrations/link.html#live", _activity(request, found))
    return link_page(request, found)


def link_page(
    request: Request, link: IntegrationLink, *, brought: Mapping[str, str] | None = None
) -> HttpResponse:
    """``brought``: what a person copies to the sender, where they have asked to see it."""
    integration = link.integration
    own = registry.takes_own_hooks(integration) and not link.registered_hook
    activity = _activity(request, link)
    is_manager = activity["manages"]
    context = {
        **activity,
        "has_own_address": own,
        "brought": brought,
        "replayable": Receipt.objects.replayable_of(link).order_by().count(),
        "replayed": REPLAYABLE,
        "can_backfill": can_backfill(link),
        "held": link.deliveries.held().count() if link.is_in_trouble else 0,
        "keepers": link.keepers.order_by("name"),
        "repairs": Repair.objects.filter(registered_hook=link.registered_hook)[:REPAIRS],
        "came_in_pause": came_in_pause(link).count() if link.is_paused else 0,
        "refused": refused([link]),
        "differ": _number(request.GET.get("differ", "")),
        "latest": effects.latest(link),
        "left_out": left_out(link) if "left_out" in request.GET and is_manager else None,
        "open_ids": {link.pk} if is_manager else set(),
    }
    response = render(request, "integrations/link.html", context)
    response["Cache-Control"] = "no-store"
    return may_leave(response, integration)


def _number(text: str) -> int:
    """How many receipts would be another thing by the settings that were just saved."""
    return min(int(text), effects.SHOWN) if text.isdecimal() and len(text) < 4 else 0


def _activity(request: Request, link: IntegrationLink) -> dict[str, Any]:
    integration, deliveries = link.integration, _deliveries(link)
    return {
        "link": link,
        "team": link.team,
        "integration": integration,
        "manages": manages(request, link),
        "receives": isinstance(integration, Reads),
        "sends": isinstance(integration, Posts),
        "receipts": _receipts(link),
        "deliveries": deliveries,
        "queue": queue(link) if any(each.state == "due" for each in deliveries) else "",
    }


def _receipts(link: IntegrationLink) -> list[tuple[Receipt, Entry | None]]:
    """Each with the entry that it became; inbox and log may be two databases."""
    shown = list(Receipt.objects.of_link(link).defer("request", "more")[:SHOWN])
    entries = Entry.objects.filter(
        hash_id__in={receipt.entry for receipt in shown if receipt.entry}
    )
    by_id = {entry.hash_id: entry for entry in entries}
    return [(receipt, by_id.get(receipt.entry)) for receipt in shown]


def _deliveries(link: IntegrationLink) -> list[Delivery]:
    return list(link.deliveries.select_related("entry").order_by("-pk")[:SHOWN])


def came_in_pause(link: IntegrationLink) -> ReceiptQuerySet:
    return Receipt.objects.replayable_of(link).filter(outcome=Reason.LINK_PAUSED)
