"""Making links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from idonethis.accounts.requests import Request
from idonethis.integrations import registry
from idonethis.integrations.base import Integration, LinkForm
from idonethis.integrations.examples import under
from idonethis.integrations.forms import TeamForm
from idonethis.integrations.http import Failed
from idonethis.integrations.link_forms import brought, kept, link_form, restated, values_of
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PartnerApp
from idonethis.integrations.models.backfilling import can_backfill
from idonethis.integrations.models.left_out import adopt, left_out
from idonethis.integrations.models.making import make_link
from idonethis.integrations.views.common import accounts_of, connect_page, known, may_leave
from idonethis.integrations.views.removing import destroy_link
from idonethis.ui.toasts import toast


@login_required
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def link(request: Request, integration_type: str) -> HttpResponse:
    """The same for every integration: GET new_link, POST create_link, DELETE destroy_link."""
    if request.method == "DELETE":
        return destroy_link(request, integration_type, request.GET.get("link", ""))
    making = Making.begun(request, known(integration_type))
    if making.must_be_set_up:
        return redirect("integration", integration_type)
    if making.must_connect:
        return connect(request, making)
    is_finished = request.method == "POST" and "search" not in request.POST
    return create_link(request, making) if is_finished else new_link(request, making)


@dataclass(frozen=True)
class Making:
    """A link on its way: through which account at the partner, or by hand without one."""

    integration: Integration
    asked: QueryDict
    accounts: tuple[IntegrationUser, ...]
    account: IntegrationUser | None
    by_hand: bool

    @classmethod
    def begun(cls, request: Request, integration: Integration) -> Making:
        asked = request.POST if request.method == "POST" else request.GET
        by_hand = asked.get("by") == "hand" and registry.links_by_hand(integration)
        accounts = () if by_hand else accounts_of(request, integration)
        chosen = (each for each in accounts if each.hash_id == asked.get("account"))
        account = next(chosen, next(iter(accounts), None))
        return cls(integration, asked, accounts, account, by_hand)

    @property
    def must_be_set_up(self) -> bool:
        return not self.by_hand and bool(PartnerApp.missing(self.integration))

    @property
    def must_connect(self) -> bool:
        return self.integration.connects and not self.by_hand and self.account is None

    def form(self, **kwargs: Any) -> LinkForm:
        form = link_form(self.integration, self.account, **kwargs)
        if self.by_hand:
            form.without_account()
        return form

    @property
    def others(self) -> list[IntegrationUser]:
        return [each for each in self.accounts if each != self.account]


def connect(request: Request, making: Making) -> HttpResponse:
    """First somebody must be somebody at the partner."""
    return connect_page(request, making.integration, kept(making.asked, making.integration))


def new_link(request: Request, making: Making) -> HttpResponse:
    """Filled with what was chosen before: on the way to the partner, or before a search."""
    initial, query = brought(making.asked, making.integration), making.asked.get("q", "")
    team_form = TeamForm(request.user, initial={"team": making.asked.get("team")})
    teams = team_form.teams
    form = making.form(query=query, teams=teams, initial=initial)
    return _page(request, making, team_form, form=form)


def create_link(request: Request, making: Making) -> HttpResponse:
    team_form, query = TeamForm(request.user, making.asked), making.asked.get("q", "")
    teams = team_form.teams
    form = making.form(query=query, teams=teams, data=making.asked)
    if not all([team_form.is_valid(), form.is_valid()]):
        return _page(request, making, team_form, form=form)
    try:
        made = make_link(
            making.integration,
            team_form.cleaned_data["team"],
            user=request.user,
            integration_user=making.account,
            config=form.cleaned_data,
        )
    except Failed as problem:
        form.add_error(None, f"{problem} Nothing was linked.")
        return _page(request, making, team_form, form=form)
    toast(request, f"{made.short_name} is linked to {made.team}.")
    return redirect(_first_page(made))


def _first_page(made: IntegrationLink) -> str:
    """Where there is something that came before the link did, that is offered first."""
    if adopt(made) and left_out(made):
        return f"{made.get_absolute_url()}?left_out=1"
    offers = f"?{urlencode({'made': made.hash_id})}" if can_backfill(made) else ""
    return f"{made.settings_path}{offers}#link-{made.hash_id}"


def _page(request: Request, making: Making, team_form: TeamForm, *, form: LinkForm) -> HttpResponse:
    context = {
        "integration": making.integration,
        "making": making,
        "team_form": team_form,
        "form": form,
        "query": making.asked.get("q", ""),
        "restated": restated(making.integration, form, team_form.chosen),
        "examples": under(making.integration, values_of(form)),
    }
    status = 422 if form.errors or team_form.errors else 200
    response = render(request, "integrations/new_link.html", context, status=status)
    return may_leave(response, making.integration)
