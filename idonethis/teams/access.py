"""Who may see and who may change what of a team. What one may not see is not there: 404."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404

from idonethis.accounts.models import User
from idonethis.accounts.requests import Request
from idonethis.teams.models import Membership, Team


def memberships_of(user: User) -> list[Membership]:
    """With their teams, the personal one first. Asked for once a page, whose menu shows them."""
    known = Prefetch("memberships", Membership.objects.select_related("team").personal_first())
    prefetch_related_objects([user], known)
    return list(user.memberships.all())


def my_membership(request: Request, slug: str) -> Membership:
    mine = (each for each in memberships_of(request.user) if each.team.slug == slug)
    if found := next(mine, None):
        return found
    raise Http404("This person is in no such team.")


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
