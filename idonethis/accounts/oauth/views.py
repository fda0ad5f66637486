from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2 import OAuth2Error
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from idonethis.accounts.limits import at_most, guessable
from idonethis.accounts.oauth.app import App
from idonethis.accounts.oauth.server import metadata, server
from idonethis.accounts.oauth.waiting import Device
from idonethis.accounts.requests import Request
from idonethis.accounts.tokens import Scope


@require_safe
def described(request: HttpRequest) -> JsonResponse:
    return JsonResponse(metadata())


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def authorize(request: Request) -> HttpResponse:
    """Asks the person, and leads back to the application with their answer."""
    try:
        grant = server.get_consent_grant(request, end_user=request.user)
    except OAuth2Error as problem:
        return _refused(request, problem)
    if request.method == "POST":
        allowed = request.user if request.POST.get("decision") == "yes" else None
        answer: HttpResponse = server.create_authorization_response(request, allowed, grant)
        return answer
    return _asked(request, grant)


def _refused(request: Request, problem: OAuth2Error) -> HttpResponse:
    """Nobody is led to an address that is not the application's."""
    if getattr(problem, "redirect_uri", None):
        led: HttpResponse = server.handle_error_response(
            server.create_oauth2_request(request), problem
        )
        return led
    said = problem.description or problem.error
    return render(request, "accounts/authorize_wrong.html", {"said": said}, status=400)


def _asked(request: Request, grant: Any) -> HttpResponse:
    scopes = (grant.request.scope or "").split()
    there = urlsplit(grant.redirect_uri)
    context = {"app": grant.client, "scopes": in_words(scopes), "host": there.netloc}
    page = render(request, "accounts/authorize.html", context)
    origin = f"{there.scheme}://{there.netloc}" if there.netloc else f"{there.scheme}:"
    # Browsers hold the answer, which leads elsewhere, to this, too.
    page._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]
    return page


def in_words(scopes: list[str]) -> list[str]:
    return [Scope(each).label for each in scopes]


@csrf_exempt
@never_cache
@require_POST
@transaction.atomic
def token(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = server.create_token_response(request)
    return answer


@csrf_exempt
@require_POST
@transaction.atomic
def revoke(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = server.create_endpoint_response("revocation", request)
    return answer


@csrf_exempt
@at_most("device")
@never_cache
@require_POST
@transaction.atomic
def ask_for_device(request: HttpRequest) -> HttpResponse:
    App.objects.provide()
    answer: HttpResponse = server.create_endpoint_response("device_authorization", request)
    return answer


@guessable
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: Request) -> HttpResponse:
    """Where a person types the code that a program shows them."""
    typed = request.POST.get("user_code", "")
    if request.method != "POST":
        context = {"typed": request.GET.get("user_code", "")[:9]}
        return render(request, "accounts/device.html", context)
    found = _waiting(typed)
    if found is None:
        wrong = {"typed": typed, "wrong": True}
        return render(request, "accounts/device.html", wrong, status=404)
    if decision := request.POST.get("decision"):
        found.decide(request.user, allowed=decision == "yes")
        return render(request, "accounts/device_decided.html", {"device": found})
    asked = {"device": found, "app": found.app, "scopes": in_words(found.scopes)}
    return render(request, "accounts/device_asked.html", asked)


def _waiting(typed: str) -> Device | None:
    """As it is typed, in small letters or without its dash, too."""
    letters = "".join(each for each in typed.upper() if each.isascii() and each.isalnum())
    code = f"{letters[:4]}-{letters[4:]}"
    waiting = Device.objects.filter(user_code=code, allowed=None, expires_at__gt=timezone.now())
    return waiting.select_related("app").first()  # type: ignore[return-value]
