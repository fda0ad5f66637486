from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from idonethis.accounts.requests import Request
from idonethis.integrations.models import IntegrationLink, RegisteredHook
from idonethis.integrations.views.common import managed_link
from idonethis.ui.toasts import toast


@login_required
@require_http_methods(["POST", "DELETE"])
def destroy_link(request: Request, integration_type: str, hash_id: str) -> HttpResponse:
    found = managed_link(request, hash_id)
    if found.integration_type != integration_type:
        raise Http404(f"{found.integration.name} has this link, not {integration_type}.")
    back, name = found.settings_path, found.short_name
    found.remove()
    toast(request, f"{name} is removed. Entries that it logged stay.")
    if request.method == "POST":
        return redirect(back)
    return HttpResponseClientRedirect(back) if request.htmx else HttpResponse(status=204)


@login_required
@require_POST
def hook_is_gone(request: Request, hash_id: str) -> HttpResponse:
    """Somebody has removed at the partner by hand what we could not remove."""
    theirs = IntegrationLink.objects.in_charge_of(request.user)
    leaving = RegisteredHook.objects.leaving().filter(links__in=theirs).distinct()
    found = get_object_or_404(leaving, hash_id=hash_id)
    link = theirs.filter(registered_hook=found)[0]
    found.believe_gone()
    link.record("webhook.believed_gone")
    name = found.integration.name
    toast(request, f"The webhook of {found.subject} at {name} is not tried any more.")
    return redirect(link.settings_path)
