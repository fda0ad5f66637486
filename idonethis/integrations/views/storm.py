"""What becomes of the events that a storm has held."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from idonethis.accounts.requests import Request
from idonethis.integrations.models import Storm
from idonethis.integrations.models.releasing import release
from idonethis.integrations.views.common import managed_link
from idonethis.ui.toasts import toast

SAYS = {
    Storm.Choice.LOG: "All that was held is being logged. You can leave this page.",
    Storm.Choice.FOLD: "What was held is being logged as one entry a person.",
    Storm.Choice.DROP: "What was held is being dropped. It can still be processed again.",
}


@login_required
@require_POST
def release_storm(request: Request, hash_id: str) -> HttpResponse:
    found = managed_link(request, hash_id)
    choice = request.POST.get("choice", "")
    if choice not in Storm.Choice.values:
        raise Http404("A storm is logged, folded or dropped.")
    storm = get_object_or_404(Storm.objects.holding(), link=found)
    chosen = release(storm, choice, by=request.user)
    toast(request, SAYS[Storm.Choice(choice)] if chosen else "Somebody has decided it already.")
    return redirect(found)
