"""How people get in: the first one by the set-up link, the others by invitation."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from idonethis.accounts import setup as first
from idonethis.accounts.forms import AccountForm, SetupForm
from idonethis.accounts.models import User
from idonethis.accounts.requests import Request
from idonethis.teams.models import Invitation, Membership, Team

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("password")
def setup(request: HttpRequest, token: str) -> HttpResponse:
    if not first.opens(token):
        raise Http404("This server is set up already, or the link is wrong.")
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        team = _found(form)
        login(request, team.memberships.get().user, backend=BACKEND)
        return redirect(team)
    return render(request, "teams/setup.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def _found(form: SetupForm) -> Team:
    """The first person administers the server, and is believed about their address."""
    user = form.create(is_staff=True, is_superuser=True)
    _settle(user, verified=True)
    team = Team.objects.create(name=form.cleaned_data["team"])
    team.join(user, Membership.Role.ADMIN)
    return team


def _settle(user: User, *, verified: bool) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    Team.objects.personal(user)


@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.select_related("team", "invited_by"), token=token)
    if not Invitation.objects.open().filter(pk=found.pk).exists():
        return render(request, "teams/invitation_over.html", {"invitation": found}, status=410)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and not request.user.is_authenticated and form.is_valid():
        user = _enrol(form, found)
        login(request, user, backend=BACKEND)
        return redirect(found.team)
    context = {"invitation": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "teams/invitation.html", context, status=status)


@transaction.atomic
def _enrol(form: AccountForm, found: Invitation) -> User:
    """Who holds an invitation has not shown that the address is theirs: it is no evidence yet."""
    user = form.create()
    _settle(user, verified=False)
    found.team.join(user, found.role)
    return user


@login_required
@require_POST
def join(request: Request, token: str) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.open(), token=token)
    found.team.join(request.user, found.role)
    return redirect(found.team)
