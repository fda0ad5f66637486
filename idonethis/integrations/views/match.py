"""An account at a partner, matched with one of the people of a team: what that would change, and
what came of it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.models import User
from idonethis.accounts.requests import Request
from idonethis.integrations.models import IntegrationUser
from idonethis.integrations.models.match import Match
from idonethis.integrations.models.match_plan import MatchPlan
from idonethis.integrations.models.results import WORDS
from idonethis.integrations.views.jobs import counted
from idonethis.teams.access import my_membership
from idonethis.teams.models import Membership
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered


@login_required
@require_POST
@vary_on_headers("HX-Request")
def preview_match(request: Request, slug: str, pk: int) -> HttpResponse:
    """What else it would change that this is the person. Nothing is stored; nobody is told."""
    membership = my_membership(request, slug)
    person = get_object_or_404(membership.team.unclaimed.open(), pk=pk)
    named = request.POST.get("user", "")
    if request.htmx and not named:
        return HttpResponse()
    plan = MatchPlan.of(person, _meant(membership, named))
    context = {
        "team": membership.team,
        "plan": plan,
        "results": list(counted(plan.results, WORDS)),
        "as_admin": membership.is_admin,
        "q": request.POST.get("q", ""),
    }
    part = "#plan" if request.htmx else ""
    return render(request, f"integrations/match_plan.html{part}", context)


def _meant(membership: Membership, named: str) -> User:
    """Of others, admins say who they are."""
    writing = membership.team.memberships.writing().select_related("user")
    found = get_object_or_404(writing, user__hash_id=named).user
    if found != membership.user and not membership.is_admin:
        raise PermissionDenied("Only admins say who others are.")
    return found


@login_required
@require_safe
def match(request: Request, slug: str, account: int) -> HttpResponse:
    membership = my_membership(request, slug)
    found = _match(membership, account)
    context = {
        "team": membership.team,
        "match": found,
        "known": found.known,
        "may_take_back": _may_take_back(membership, found),
    }
    part = "#made" if request.htmx else ""
    return render(request, f"integrations/match.html{part}", context)


def _match(membership: Membership, account: int) -> Match:
    matched = IntegrationUser.objects.filter(team=membership.team).select_related("user")
    return Match(get_object_or_404(matched, pk=account), membership.team)


def _may_take_back(membership: Membership, match: Match) -> bool:
    return membership.is_admin or match.known.user_id == membership.user_id


@login_required
@require_POST
def mismatch(request: Request, slug: str, account: int) -> HttpResponse:
    """It was wrong: the match goes and, on request, the entries that it made."""
    membership = my_membership(request, slug)
    found = _match(membership, account)
    if not _may_take_back(membership, found):
        raise PermissionDenied("Only admins, and whose account it was said to be, take this back.")
    going = found.take_back(with_entries="entries" in request.POST)
    gone = f" {numbered(going, 'entry of theirs goes', 'entries of theirs go')}."
    toast(request, f"{found.known} is not {found.known.user}.{gone * bool(going)}")
    return redirect("unclaimed", slug)
