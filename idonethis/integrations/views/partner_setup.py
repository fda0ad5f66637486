"""How an administrator registers this server with a partner, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from idonethis.accounts.requests import Request
from idonethis.integrations.base import Integration, ReceivesForAll
from idonethis.integrations.forms import PartnerAppForm
from idonethis.integrations.markdown import setup_text
from idonethis.integrations.models import IntegrationUser, PartnerApp, callback_url, needed, setting
from idonethis.integrations.views.common import known
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered

#: Hosts that nobody outside this machine can call.
LOCAL = ("localhost", "127.0.0.1", "::1", "[::1]")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def partner_setup(request: Request, integration_type: str) -> HttpResponse:
    found = known(integration_type)
    if not needed(found):
        raise Http404(f"{found.name} needs no set-up.")
    if not request.user.is_staff:
        raise PermissionDenied("Only who administers this server may register it at partners.")
    form = PartnerAppForm(integration_type, needed(found), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _keep(request, found, form.cleaned_data)
    context = {"form": form, "missing": PartnerApp.missing(found), **_addresses(found)}
    status = 422 if form.errors else 200
    return render(request, "integrations/partner_setup.html", context, status=status)


def _keep(request: Request, integration: Integration, values: dict[str, str]) -> HttpResponse:
    kind = integration.integration_type
    app, _ = PartnerApp.objects.get_or_create(integration_type=kind)
    app.keep(values)
    toast(request, f"{integration.name} is set up. Everybody here can connect it now.")
    return redirect("integration", kind)


@login_required
@require_POST
def believe_refusals(request: Request, integration_type: str) -> HttpResponse:
    """The operator knows that the partner means it, however many accounts it refuses."""
    found = known(integration_type)
    if not request.user.is_staff:
        raise PermissionDenied("Only who administers this server may say so. Nothing was changed.")
    PartnerApp.believe(found)
    count = IntegrationUser.objects.doubted(integration_type).update(doubted_until=None)
    asked = numbered(count, "account is", "accounts are")
    toast(request, f"{asked} tried once more now; whom {found.name} refuses is asked to reconnect.")
    return redirect("integration", integration_type)


def _addresses(integration: Integration) -> dict[str, Any]:
    kind = integration.integration_type
    hook = settings.BASE_URL + reverse("hook", args=[kind])
    return {
        "integration": integration,
        "callback_url": callback_url(kind) if integration.oauth else "",
        "hook_url": hook if isinstance(integration, ReceivesForAll) else "",
        "manifest": integration.manifest(settings.BASE_URL, hook, callback_url(kind)),
        "given": [
            (each.label, setting(kind, each.name))
            for each in needed(integration)
            if PartnerApp.given(kind, each.name)
        ],
        "is_local": settings.SITE.hostname in LOCAL,
        "base_url": settings.BASE_URL,
        "text": setup_text(integration),
    }
