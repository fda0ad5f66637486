"""How people get in: the first one by the set-up link, the others by invitation."""

from __future__ import annotations

from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from idonethis.accounts import setup as first
from idonethis.accounts.forms import AccountForm, SetupForm
from idonethis.accounts.limits import guessable, signs_up
from idonethis.accounts.models import User
from idonethis.accounts.requests import posted
from idonethis.teams.models import Invitation, Team
from idonethis.ui.toasts import toast


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guessable
@signs_up
@sensitive_post_parameters("password")
def setup(request: HttpRequest, token: str) -> HttpResponse:
    if not first.opens(token):
        raise Http404("This server is set up already, or the link is wrong.")
    form = SetupForm(posted(request))
    if form.is_valid():
        admin = _set_up(form)
        login(request, admin)
        return redirect(Team.objects.for_user(admin).shared().get())
    return render(request, "teams/setup.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def _set_up(form: SetupForm) -> User:
    """The first person administers the server, and is believed about their address."""
    if first.is_set_up():
        raise Http404("Somebody else has set this server up just now.")
    admin = form.create(verified=True, is_staff=True, is_superuser=True)
    Team.objects.personal(admin)
    Team.objects.found(form.cleaned_data["team"], admin=admin)
    transaction.on_commit(first.close)
    return admin


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guessable
@signs_up
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.select_related("team", "invited_by"), token=token)
    if not found.is_open:
        return render(request, "teams/invitation_over.html", {"invitation": found}, status=410)
    if isinstance(request.user, User):
        return _join(request, request.user, found)
    form = AccountForm(posted(request))
    if form.is_valid():
        login(request, _enrol(form, found))
        toast(
            request,
            f"Welcome to {found.team}. Your mail address is not verified yet: see your settings.",
        )
        return redirect(found.team)
    context = {"invitation": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "teams/invitation.html", context, status=status)


def _join(request: HttpRequest, user: User, found: Invitation) -> HttpResponse:
    if request.method == "POST":
        found.accept(user)
        return redirect(found.team)
    is_member = found.team.has_member(user)
    return render(request, "teams/join.html", {"invitation": found, "is_member": is_member})


@transaction.atomic
def _enrol(form: AccountForm, found: Invitation) -> User:
    """Who holds an invitation has not shown that the address is theirs: it is no evidence yet."""
    user = form.create(verified=False)
    Team.objects.personal(user)
    found.accept(user)
    return user
