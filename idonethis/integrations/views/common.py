"""What the views of links share: finding things, and leaving for a partner."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from idonethis.accounts.requests import Request
from idonethis.integrations import registry
from idonethis.integrations.base import Integration
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PartnerApp


def known(integration_type: str) -> Integration:
    found = registry.get(integration_type)
    if found is None:
        raise Http404(f"There is no integration {integration_type}.")
    return found


def accounts_of(request: Request, integration: Integration) -> tuple[IntegrationUser, ...]:
    kind = integration.integration_type
    mine = IntegrationUser.objects.for_acting(request.user, integration_type=kind)
    return tuple(mine.order_by("-updated_at"))


def seen_link(request: Request, hash_id: str) -> IntegrationLink:
    links = IntegrationLink.objects.visible_to(request.user)
    related = ("team", "user", "integration_user", "registered_hook")
    return get_object_or_404(links.select_related(*related), hash_id=hash_id)


def managed_link(request: Request, hash_id: str) -> IntegrationLink:
    found = seen_link(request, hash_id)
    if not manages(request, found):
        raise PermissionDenied("Only who made a link, and admins of its team, may change it.")
    return found


def opened_link(request: Request, pk: int) -> IntegrationLink:
    """A link of which this person may read what was sent, also a removed one; to everybody else it
    is not there."""
    links = IntegrationLink.objects.in_charge_of(request.user)
    known = links.filter(integration_type__in=registry.types())
    return get_object_or_404(known.select_related("team", "user", "integration_user"), pk=pk)


def manages(request: Request, link: IntegrationLink) -> bool:
    return IntegrationLink.objects.manageable_by(request.user).filter(pk=link.pk).exists()


def connect_page(
    request: Request, integration: Integration, choices: str, typed: Form | None = None
) -> HttpResponse:
    """On which somebody lets us in at the partner, or types what does. ``choices``: what was chosen
    before, as a query."""
    blank = integration.credentials() if integration.credentials else None
    context = {
        "integration": integration,
        "choices": list(QueryDict(choices).items()),
        "team_slug": QueryDict(choices).get("team", ""),
        "by_hand": registry.links_by_hand(integration),
        "form": blank if typed is None else typed,
    }
    status = 422 if typed is not None else 200
    shown = render(request, "integrations/connect.html", context, status=status)
    return may_leave(shown, integration)


def may_leave(response: HttpResponse, *integrations: Integration) -> HttpResponse:
    """Lets the page hold buttons to these partners: browsers check form-action against where a form
    is redirected to, too. https://www.w3.org/TR/CSP3/#directive-form-action"""
    ready = [each for each in integrations if each.oauth and not PartnerApp.missing(each)]
    if origins := [PartnerApp.conversation(each).origin for each in ready]:
        response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]
    return response
