"""One account at a partner that a team has matched with one of its people."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.requests import Request
from idonethis.integrations.models import IntegrationUser
from idonethis.integrations.models.match import Match
from idonethis.teams.access import my_membership
from idonethis.teams.models import Membership
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered


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
