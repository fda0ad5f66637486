"""The catalogue, one integration, and how an administrator registers this server with a partner."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.requests import Request
from idonethis.integrations import registry
from idonethis.integrations.base import Integration, Receives, ReceivesForAll, Sends
from idonethis.integrations.forms import PartnerAppForm
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PartnerApp, needed
from idonethis.integrations.setup_text import as_html
from idonethis.ui.toasts import toast


def known(integration_type: str) -> Integration:
    found = registry.get(integration_type)
    if found is None:
        raise Http404(f"There is no integration {integration_type}.")
    return found


@login_required
@require_GET
@vary_on_headers("HX-Request")
def catalogue(request: Request) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    links = list(IntegrationLink.objects.standing().filter(team__memberships__user=request.user))
    tiles = [_tile(i, links) for i in registry.integrations().values() if _matches(i, wanted)]
    categories: dict[str, list[dict[str, Any]]] = {}
    for tile in tiles:
        categories.setdefault(tile["integration"].category, []).append(tile)
    context = {
        "q": wanted,
        "team_slug": request.GET.get("team", ""),
        "count": len(registry.integrations()),
        "connected": [tile for tile in tiles if tile["links"]],
        "categories": sorted(categories.items()),
    }
    part = "integrations/tiles.html" if request.htmx else "integrations/catalogue.html"
    return render(request, part, context)


def _matches(integration: Integration, wanted: str) -> bool:
    said = f"{integration.name} {integration.category} {integration.tagline}".lower()
    return wanted.lower() in said


def _tile(integration: Integration, links: list[IntegrationLink]) -> dict[str, Any]:
    mine = [link for link in links if link.integration_type == integration.integration_type]
    return {
        "integration": integration,
        "links": len(mine),
        "trouble": any(link.is_in_trouble for link in mine),
        "missing": PartnerApp.missing(integration),
    }


@login_required
@require_GET
def integration(request: Request, integration_type: str) -> HttpResponse:
    found = known(integration_type)
    links = IntegrationLink.objects.standing().filter(
        integration_type=integration_type, team__memberships__user=request.user
    )
    accounts = IntegrationUser.objects.filter(
        integration_type=integration_type, user=request.user, team=None
    )
    context = {
        "integration": found,
        "links": links.select_related("team"),
        "accounts": accounts,
        "missing": PartnerApp.missing(found),
        "receives": isinstance(found, Receives),
        "sends": isinstance(found, Sends),
        "text": as_html(found),
        "team_slug": request.GET.get("team", ""),
    }
    return render(request, "integrations/integration.html", context)


@login_required
def partner_setup(request: Request, integration_type: str) -> HttpResponse:
    found = known(integration_type)
    if not request.user.is_staff:
        raise PermissionDenied("Only who administers this server may do this.")
    form = PartnerAppForm(needed(found), request.POST or None)
    if request.method == "POST" and form.is_valid():
        app, _ = PartnerApp.objects.get_or_create(integration_type=integration_type)
        app.keep(form.cleaned_data)
        toast(request, f"{found.name} is set up on this server.")
        return redirect("integration", integration_type)
    callback = settings.BASE_URL + reverse("oauth_callback", args=[integration_type])
    hook = settings.BASE_URL + reverse("hook", args=[integration_type])
    context = {
        "integration": found,
        "form": form,
        "missing": PartnerApp.missing(found),
        "callback_url": callback if found.oauth else "",
        "hook_url": hook if isinstance(found, ReceivesForAll) else "",
        "manifest": found.manifest(settings.BASE_URL, hook, callback),
        "text": as_html(found),
    }
    return render(request, "integrations/setup.html", context)
