"""To the partner and back: establishing who somebody is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.requests import Request
from idonethis.integrations.asking import ask
from idonethis.integrations.base import Account, Integration
from idonethis.integrations.http import Failed
from idonethis.integrations.link_forms import kept
from idonethis.integrations.models import (
    Authorization,
    IntegrationLink,
    IntegrationUser,
    PartnerApp,
    Taken,
)
from idonethis.integrations.models.authorization import new_state
from idonethis.integrations.models.claiming import replay
from idonethis.integrations.models.reconnecting import reconnect, take_over
from idonethis.integrations.oauth import STRAY, with_lasting
from idonethis.integrations.views.common import connect_page, known
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered


@login_required
@require_POST
def oauth_start(request: Request, integration_type: str) -> HttpResponse:
    """Sends the person to the partner, or to where they type what lets us in. By POST: no page
    elsewhere can start it."""
    integration = known(integration_type)
    choices = kept(request.POST, integration)
    if integration.credentials:
        return connect_page(request, integration, choices)
    if not integration.oauth or PartnerApp.missing(integration):
        return redirect("integration", integration_type)
    try:
        return redirect(_departure(request, integration, choices))
    except Failed as problem:
        return stopped(request, integration, str(problem), choices)


def _departure(request: Request, integration: Integration, choices: str) -> str:
    state = new_state()
    departure = PartnerApp.conversation(integration).depart(state)
    Authorization.begin(
        request.user,
        integration.integration_type,
        session=_session(request),
        state=state,
        secret=departure.secret,
        choices=choices,
    )
    return departure.url


def _session(request: Request) -> str:
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)


@login_required
@require_safe
def oauth_callback(request: Request, integration_type: str) -> HttpResponse:
    """Back from the partner, with proof of a yes or with a refusal."""
    integration = known(integration_type)
    journey = Authorization.redeem(
        request.GET.get("state", ""),
        request.user,
        integration_type=integration_type,
        session=_session(request),
    )
    if journey is None:
        return stopped(request, integration, STRAY)
    try:
        established = _establish(request, integration, journey)
    except (Failed, Taken) as problem:
        return stopped(request, integration, str(problem), journey.choices)
    return redirect(_onwards(request, established, journey.choices))


@login_required
@require_POST
def introduce(request: Request, integration_type: str) -> HttpResponse:
    """Keeps what a person has typed to let us in, once the partner has taken it."""
    integration = known(integration_type)
    if integration.credentials is None:
        return redirect("integration", integration_type)
    typed, choices = integration.credentials(request.POST), kept(request.POST, integration)
    if not typed.is_valid():
        return connect_page(request, integration, choices, typed)
    try:
        established = _introduced(request, integration, typed.cleaned_data)
    except (Failed, Taken) as problem:
        typed.add_error(None, f"{problem} Nothing was connected.")
        return connect_page(request, integration, choices, typed)
    return redirect(_onwards(request, established, choices))


def _introduced(
    request: Request, integration: Integration, typed: Mapping[str, Any]
) -> IntegrationUser:
    client = integration.client(typed)
    account = ask(integration, lambda: integration.introduced(typed, client))
    return _keep(request, integration, account)


def _establish(
    request: Request, integration: Integration, journey: Authorization
) -> IntegrationUser:
    conversation = PartnerApp.conversation(integration)
    token = conversation.token(request.GET.dict(), secret=journey.secret)
    client = integration.client(token)
    account = ask(integration, lambda: integration.identify(token, client))
    return _keep(request, integration, with_lasting(account, token))


def _keep(request: Request, integration: Integration, account: Account) -> IntegrationUser:
    established = IntegrationUser.objects.establish(
        account, integration_type=integration.integration_type, user=request.user
    )
    resumed, logged = reconnect(established), replay(established)
    toast(request, _sentence(integration, resumed, logged))
    return established


def _sentence(integration: Integration, resumed: int, logged: int) -> str:
    said = [f"{integration.name} is connected."]
    if resumed:
        said.append(f"{numbered(resumed, 'link runs', 'links run')} again.")
    if logged:
        waited = numbered(logged, "event that waited for you is", "events that waited for you are")
        said.append(f"{waited} being logged.")
    return " ".join(said)


def _onwards(request: Request, established: IntegrationUser, choices: str) -> str:
    """Back to the link that was in trouble, else to the form; never to an address of others."""
    query = QueryDict(choices, mutable=True)
    links = IntegrationLink.objects.manageable_by(request.user)
    if link := links.filter(hash_id=query.pop("link", [""])[-1]).first():
        take_over(link, established)
        return link.get_absolute_url()
    query["account"] = (established.workspace or established).hash_id
    return f"{reverse('new_link', args=[established.integration_type])}?{query.urlencode()}"


def stopped(
    request: Request, integration: Integration, why: str, choices: str = ""
) -> HttpResponse:
    context = {"integration": integration, "why": why, "choices": choices}
    return render(request, "integrations/stopped.html", context, status=400)
