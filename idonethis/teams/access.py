"""Who may see and who may change what of a team. What one may not see is not there: 404."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from idonethis.accounts.requests import Request
from idonethis.teams.models import Membership, Team


def my_membership(request: Request, slug: str) -> Membership:
    mine = Membership.objects.select_related("team", "user").filter(user_id=request.user.pk)
    return get_object_or_404(mine, team__slug=slug)


def shared_membership(request: Request, slug: str) -> Membership:
    """A personal team has no people, and nobody can be let into it."""
    membership = my_membership(request, slug)
    if membership.team.is_personal:
        raise Http404("A personal team has no people.")
    return membership


def administered(request: Request, slug: str) -> Team:
    return _as_admin(my_membership(request, slug))


def shared_administered(request: Request, slug: str) -> Team:
    return _as_admin(shared_membership(request, slug))


def _as_admin(membership: Membership) -> Team:
    if not membership.is_admin:
        raise PermissionDenied("Only admins of this team may do this. Nothing was changed.")
    return membership.team
