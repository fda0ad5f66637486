"""What happened before a link was made: what it would bring, then the work."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from idonethis.accounts.requests import Request
from idonethis.integrations.forms import PastForm
from idonethis.integrations.http import Failed
from idonethis.integrations.models import Backfill, IntegrationLink
from idonethis.integrations.models.backfill_plan import BackfillPlan
from idonethis.integrations.models.backfilling import Past, can_backfill
from idonethis.integrations.models.results import WORDS
from idonethis.integrations.views.common import managed_link
from idonethis.integrations.views.jobs import counted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link_past(request: Request, hash_id: str) -> HttpResponse:
    """Without ``begin`` nothing is brought in, only asked for."""
    found = managed_link(request, hash_id)
    if not can_backfill(found):
        raise Http404(f"{found.integration.name} does not tell what happened before.")
    form = PastForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, found, form, status=422 if form.errors else 200)
    days = form.cleaned_data["days"]
    past = Past.of_days(found, days)
    if "begin" in request.POST:
        return redirect(Backfill.begin(past, days=days, user=request.user))
    try:
        plan = BackfillPlan.of(past)
    except Failed as problem:
        return _page(request, found, form, problem=problem)
    results = list(counted(plan.results, WORDS))
    return _page(request, found, form, plan=plan, days=days, results=results)


def _page(
    request: Request, link: IntegrationLink, form: PastForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"link": link, "team": link.team, "integration": link.integration, "form": form}
    return render(request, "integrations/past.html", context | more, status=status)
