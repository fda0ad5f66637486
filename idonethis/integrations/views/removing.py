from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from idonethis.accounts.requests import Request
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
