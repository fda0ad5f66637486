"""Whoever a partner showed a claim link to is the person there; here they say who they are."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from idonethis.accounts.limits import guessable
from idonethis.accounts.requests import Request
from idonethis.entries.drafts import Actor
from idonethis.integrations.base import Integration
from idonethis.integrations.models import CLAIM, IntegrationUser, Taken
from idonethis.integrations.models.claiming import replay, waiting_for
from idonethis.integrations.views.common import known
from idonethis.integrations.views.connecting import stopped
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered

#: How long a claim link is good for, in seconds.
CLAIM_AGE = 24 * 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@guessable
def claim_account(request: Request, signed: str) -> HttpResponse:
    try:
        said = signing.loads(signed, salt=CLAIM, max_age=CLAIM_AGE)
    except signing.BadSignature:
        return render(request, "integrations/claim_over.html", status=400)
    integration, actor = known(said["type"]), Actor(said["uid"], said["login"], said["name"])
    if request.method == "POST":
        return _claim(request, integration, actor)
    waiting = waiting_for(actor.uid, integration.integration_type, team=None)
    context = {"integration": integration, "actor": actor, "waiting": waiting.count()}
    return render(request, "integrations/claim.html", context)


def _claim(request: Request, integration: Integration, actor: Actor) -> HttpResponse:
    try:
        known_as = IntegrationUser.objects.claim(
            actor, integration_type=integration.integration_type, user=request.user
        )
    except Taken as problem:
        return stopped(request, integration, str(problem))
    count = replay(known_as)
    waited = numbered(count, "event that waited for you is", "events that waited for you are")
    logged = f" {waited} being logged."
    toast(request, f"{integration.name} knows you now.{logged * bool(count)}")
    return redirect("home")
