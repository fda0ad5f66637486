"""One entry on its way to a partner, and each time that it was tried: for who manages its link."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.requests import Request
from idonethis.background import OUTBOX
from idonethis.entries.models import Entry
from idonethis.integrations.lines import Went
from idonethis.integrations.models import Attempt, Bucket, Delivery
from idonethis.integrations.models.attempt import FULL_FOR, IN_FULL, KEPT
from idonethis.integrations.models.queueing import queue
from idonethis.integrations.reasons import DELIVERIES, WAITING, Ending
from idonethis.integrations.retold import Retold
from idonethis.integrations.sight import Sight
from idonethis.integrations.views.common import may_leave, opened_link
from idonethis.integrations.why.findings import of_line
from idonethis.ui.toasts import toast


@login_required
@require_safe
@vary_on_headers("HX-Request")
def delivery(request: Request, delivery_id: int) -> HttpResponse:
    found = _opened(request, delivery_id)
    waits = queue(found.link) if found.result == WAITING else ""
    line, sight = Went(found, found.link, waits), Sight.of(request.user, team=found.link.team)
    context = {
        "line": line,
        "link": found.link,
        "team": found.link.team,
        "finding": of_line(line, sight),
        "attempts": [_tried(each, found.entry) for each in found.tries.all()[:KEPT]],
        "in_full": IN_FULL,
        "days": FULL_FOR.days,
    }
    part = "#fate" if request.htmx else ""
    response = render(request, f"integrations/delivery.html{part}", context)
    response["Cache-Control"] = "no-store"
    return may_leave(response, found.link.integration)


def _tried(attempt: Attempt, entry: Entry) -> tuple[Attempt, Ending, Retold | None]:
    """The words of a removed entry are not told; what was asked since holds none of them."""
    is_told = not entry.deleted_at or attempt.at > entry.deleted_at
    kept = attempt.exchange if is_told else None
    return attempt, DELIVERIES[attempt.result], Retold(kept) if kept else None


def _opened(request: Request, delivery_id: int) -> Delivery:
    deliveries = Delivery.objects.select_related("entry__user")
    found: Delivery = get_object_or_404(deliveries, pk=delivery_id)
    found.link = opened_link(request, found.link_id)
    return found


@login_required
@require_POST
def retry_delivery(request: Request, delivery_id: int) -> HttpResponse:
    """At once. What has arrived, or is under way, stays as it is."""
    found = _opened(request, delivery_id)
    again = Delivery.objects.filter(pk=found.pk).overdue().start_over()
    if again:
        found.link.rest(None)
        Bucket.objects.open(found.link)
        found.link.record("link.sent_again")
    OUTBOX.wake_on_commit()
    toast(request, "It is sent now." if again else "There is nothing to send again.")
    return redirect("delivery", found.pk)
