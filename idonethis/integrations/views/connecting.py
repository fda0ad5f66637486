"""To the partner and back: establishing who somebody is there."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from idonethis.accounts.requests import Request
from idonethis.entries.drafts import Actor
from idonethis.integrations.base import Integration
from idonethis.integrations.http import Client, Failed
from idonethis.integrations.models import (
    CLAIM,
    Authorization,
    IntegrationUser,
    PartnerApp,
    Receipt,
    Taken,
    actor_key,
)
from idonethis.integrations.models.reconnecting import reconnect
from idonethis.integrations.oauth import Conversation
from idonethis.integrations.views.partners import known
from idonethis.ui.toasts import toast

STRAY = (
    "This answer belongs to no journey of yours that is still open: "
    "it is too old, was used already, or began elsewhere."
)
#: How long the link that a partner shows to a stranger is good for, in seconds.
CLAIM_AGE = 24 * 3600


def conversation(integration: Integration) -> Conversation:
    kind = integration.integration_type
    return Conversation(
        integration,
        str(PartnerApp.credential(kind, "CLIENT_ID")),
        str(PartnerApp.credential(kind, "CLIENT_SECRET")),
        settings.BASE_URL + reverse("oauth_callback", args=[kind]),
    )


@login_required
@require_POST
def oauth_start(request: Request, integration_type: str) -> HttpResponse:
    """Sends the person to the partner. By POST: no page elsewhere can start it."""
    integration = known(integration_type)
    if not integration.oauth or PartnerApp.missing(integration):
        return redirect("integration", integration_type)
    talk = conversation(integration)
    verifier = talk.verifier()
    state = Authorization.begin(
        request.user,
        integration_type,
        session=_session(request),
        verifier=verifier,
        choices=urlencode({"team": request.POST.get("team", "")}),
    )
    return redirect(talk.authorize_url(state=state, verifier=verifier))


def _session(request: Request) -> str:
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)


@login_required
@require_GET
def oauth_callback(request: Request, integration_type: str) -> HttpResponse:
    """Back from the partner, with a code or with a refusal."""
    integration = known(integration_type)
    journey = Authorization.redeem(
        request.GET.get("state", ""),
        request.user,
        integration_type=integration_type,
        session=_session(request),
    )
    if journey is None:
        return _stopped(request, integration, STRAY)
    if "code" not in request.GET:
        return _stopped(request, integration, f"You, or {integration.name}, said no.")
    try:
        _establish(request, integration, journey)
    except (Failed, Taken) as problem:
        return _stopped(request, integration, str(problem))
    toast(request, f"{integration.name} is connected.")
    return redirect(f"{reverse('new_link', args=[integration_type])}?{journey.choices}")


def _establish(request: Request, integration: Integration, journey: Authorization) -> None:
    token = conversation(integration).exchange(request.GET["code"], verifier=journey.verifier)
    client = Client(integration.address("api"), headers=integration.headers(token))
    account = integration.identify(token, client)
    established = IntegrationUser.objects.establish(
        account, integration_type=integration.integration_type, user=request.user
    )
    reconnect(established)


def _stopped(request: Request, integration: Integration, why: str) -> HttpResponse:
    context = {"integration": integration, "why": why}
    return render(request, "integrations/stopped.html", context, status=400)


def may_leave_for(integration: Integration) -> list[str]:
    """The origin that the start button's form is answered with a redirect to: browsers check that
    against form-action, too. https://www.w3.org/TR/CSP3/#directive-form-action"""
    if not integration.oauth:
        return []
    url = integration.oauth.authorize_url.replace("{web}", integration.address("web"))
    parts = urlsplit(url.replace("{api}", integration.address("api")))
    return [f"{parts.scheme}://{parts.netloc}"]


def allow_leaving(response: HttpResponse, integration: Integration) -> HttpResponse:
    response._csp_update = {"form-action": may_leave_for(integration)}  # type: ignore[attr-defined]
    return response


@login_required
def claim_account(request: Request, signed: str) -> HttpResponse:
    """Whoever a partner showed this link to is the person there; here they say who they are."""
    try:
        said = signing.loads(signed, salt=CLAIM, max_age=CLAIM_AGE)
    except signing.BadSignature:
        return render(request, "integrations/claim_over.html", status=400)
    integration = known(said["type"])
    if request.method == "POST":
        return _claim(request, integration, said)
    context = {"integration": integration, "said": said}
    return render(request, "integrations/claim.html", context)


def _claim(request: Request, integration: Integration, said: dict[str, str]) -> HttpResponse:
    actor = Actor(said["uid"], said["login"], said["name"])
    try:
        IntegrationUser.objects.claim(
            actor, integration_type=integration.integration_type, user=request.user
        )
    except Taken as problem:
        return _stopped(request, integration, str(problem))
    waiting = Receipt.objects.waiting_for(
        [actor_key(actor)], integration_type=integration.integration_type
    )
    count = waiting.replay()
    toast(request, f"{integration.name} knows you now. {count} waiting messages are being logged.")
    return redirect("home")
