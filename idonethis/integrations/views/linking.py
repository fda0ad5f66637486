"""Making, changing and removing links."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from idonethis.accounts.requests import Request
from idonethis.forms import Picker
from idonethis.integrations.base import Integration
from idonethis.integrations.forms import TeamForm, link_form, options
from idonethis.integrations.http import Failed
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PartnerApp
from idonethis.integrations.models.making import make_link
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.views.connecting import allow_leaving
from idonethis.integrations.views.partners import known
from idonethis.ui.toasts import toast


@login_required
@require_http_methods(["GET", "POST", "DELETE"])
def link(request: Request, integration_type: str) -> HttpResponse:
    """The same for every integration: GET new_link, POST create_link, DELETE destroy_link."""
    if request.method == "DELETE":
        return destroy_link(request, integration_type, request.GET.get("link", ""))
    integration = known(integration_type)
    account = _account(request, integration)
    by_hand = (request.GET.get("by") or request.POST.get("by")) == "hand"
    if PartnerApp.missing(integration) and not account and not by_hand:
        return redirect("integration", integration_type)
    if request.method == "POST":
        return create_link(request, integration, account)
    return new_link(request, integration, account)


def _account(request: Request, integration: Integration) -> IntegrationUser | None:
    accounts = IntegrationUser.objects.for_acting(
        request.user, integration_type=integration.integration_type
    )
    asked = request.POST.get("account") or request.GET.get("account")
    return (accounts.filter(hash_id=asked).first() if asked else None) or accounts.first()


def new_link(
    request: Request, integration: Integration, account: IntegrationUser | None
) -> HttpResponse:
    """The form; without an account at the partner, first the way to establish one."""
    by_hand = request.GET.get("by") == "hand"
    if integration.oauth and not account and not by_hand:
        context = {"integration": integration, "team_slug": request.GET.get("team", "")}
        return allow_leaving(render(request, "integrations/connect.html", context), integration)
    team_form = TeamForm(request.user, initial={"team": request.GET.get("team")})
    form = link_form(integration, account)
    return _form_page(request, integration, account, forms=(team_form, form))


def create_link(
    request: Request, integration: Integration, account: IntegrationUser | None
) -> HttpResponse:
    team_form = TeamForm(request.user, request.POST)
    form = link_form(integration, account, data=request.POST)
    if not (team_form.is_valid() and form.is_valid()):
        return _form_page(request, integration, account, forms=(team_form, form), status=422)
    try:
        made = make_link(
            integration,
            team_form.cleaned_data["team"],
            user=request.user,
            integration_user=account,
            config=form.cleaned_data,
        )
    except Failed as problem:
        form.add_error(None, f"{problem} Nothing was linked.")
        return _form_page(request, integration, account, forms=(team_form, form), status=422)
    toast(request, f"{made.short_name} is linked to {made.team}.")
    return redirect(f"{made.settings_path}#link-{made.hash_id}")


def _form_page(
    request: Request,
    integration: Integration,
    account: IntegrationUser | None,
    *,
    forms: tuple[Any, Any],
    status: int = 200,
) -> HttpResponse:
    team_form, form = forms
    context = {
        "integration": integration,
        "account": account,
        "team_form": team_form,
        "form": form,
        "summary": integration.summary(PlainLink()),
    }
    response = render(request, "integrations/new_link.html", context, status=status)
    return allow_leaving(response, integration)


@login_required
@require_GET
def choices(request: Request, integration_type: str) -> HttpResponse:
    """What a picker finds for what was typed into its search box."""
    integration, field = known(integration_type), request.GET.get("field", "")
    account = _account(request, integration)
    if field not in integration.link_form.picks or not account:
        return HttpResponse(status=404)
    try:
        found = integration.choices(field, request.GET.get("q", ""), account.client())
    except Failed as problem:
        return render(request, "integrations/choices_failed.html", {"problem": problem})
    widget = Picker(choices=options(found))
    context = widget.get_context(field, None, {"id": f"id_{field}"})
    return render(request, "components/picker_options.html", context)


@login_required
@require_http_methods(["POST", "DELETE"])
def destroy_link(request: Request, integration_type: str, hash_id: str) -> HttpResponse:
    links = IntegrationLink.objects.manageable_by(request.user)
    found = get_object_or_404(links, integration_type=integration_type, hash_id=hash_id)
    back, name = found.settings_path, found.short_name
    found.remove()
    messages.success(request, f"{name} is removed. Entries already logged stay.")
    if request.method == "DELETE":
        return HttpResponse(status=204)
    return redirect(back)
