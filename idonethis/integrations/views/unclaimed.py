"""People at partners whom a team does not know yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.models import User
from idonethis.accounts.requests import Request
from idonethis.integrations.models import IntegrationUser, Receipt, UnclaimedPerson
from idonethis.integrations.models.claiming import believe, ids_of_links
from idonethis.integrations.values import Reason
from idonethis.teams.access import administered, my_membership
from idonethis.teams.models import Team
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered


@dataclass(frozen=True)
class Stranger:
    person: UnclaimedPerson
    waiting: int
    #: A member who looks like it. Suggested, never assumed.
    suggested: User | None


@login_required
@require_safe
def unclaimed(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    team, members = membership.team, _writers(membership.team)
    counts = _waiting(team)
    context = {
        "team": team,
        "membership": membership,
        "writes": membership.writes,
        "members": members,
        "strangers": [_stranger(each, counts, members) for each in team.unclaimed.open()],
        "ignored": team.unclaimed.filter(ignored=True),
        "matched": IntegrationUser.objects.filter(team=team).select_related("user"),
    }
    return render(request, "integrations/unclaimed.html", context)


def _writers(team: Team) -> list[User]:
    writing = team.memberships.writing().select_related("user")
    return [each.user for each in writing.order_by("user__name")]


def _waiting(team: Team) -> dict[tuple[str, str], int]:
    """How many receipts wait for whom, by type and key."""
    waiting = Receipt.objects.filter(
        state="done", outcome=Reason.NO_PERSON, read_for__in=ids_of_links(team)
    )
    counted = waiting.values_list("integration_type", "actor_key").annotate(Count("pk"))
    return {(kind, key): count for kind, key, count in counted}


def _stranger(
    person: UnclaimedPerson, counts: dict[tuple[str, str], int], members: Iterable[User]
) -> Stranger:
    alike = (user for user in members if looks_like(person, user))
    waiting = counts.get((person.integration_type, person.key), 0)
    return Stranger(person, waiting, next(alike, None))


def looks_like(person: UnclaimedPerson, user: User) -> bool:
    same_mail = bool(person.email) and person.email.lower() == user.email
    return same_mail or bool(person.login) and person.login.lower() == user.nickname.lower()


@login_required
@require_POST
def claim(request: Request, slug: str, pk: int) -> HttpResponse:
    """A member says: this is me."""
    membership = my_membership(request, slug)
    if not membership.writes:
        raise PermissionDenied("Observers log nothing, so there is nothing to claim.")
    person = get_object_or_404(membership.team.unclaimed.open(), pk=pk)
    return _believe(request, person, user=request.user, evidence="claimed")


@login_required
@require_POST
def assign(request: Request, slug: str, pk: int) -> HttpResponse:
    """An admin says who it is."""
    team = administered(request, slug)
    person = get_object_or_404(team.unclaimed.open(), pk=pk)
    member = get_object_or_404(team.memberships, user__hash_id=request.POST.get("user", ""))
    return _believe(request, person, user=member.user, evidence="assigned")


def _believe(
    request: Request, person: UnclaimedPerson, *, user: User, evidence: str
) -> HttpResponse:
    count = believe(person, user, evidence=evidence)
    waited = f" {numbered(count, 'event is', 'events are')} being logged, each on its day."
    toast(request, f"{person} at {person.partner} is {user}.{waited * bool(count)}")
    return redirect("unclaimed", person.team.slug)


@login_required
@require_POST
def ignore(request: Request, slug: str, pk: int) -> HttpResponse:
    team = administered(request, slug)
    person = get_object_or_404(team.unclaimed.open(), pk=pk)
    person.ignore()
    undo = reverse("heed_unclaimed", args=[slug, pk])
    toast(request, f"{person} is ignored. Nothing of theirs is logged.", undo=undo)
    return redirect("unclaimed", slug)


@login_required
@require_POST
def heed(request: Request, slug: str, pk: int) -> HttpResponse:
    """Takes an ignore back."""
    team = administered(request, slug)
    person = get_object_or_404(team.unclaimed.filter(ignored=True), pk=pk)
    person.heed()
    toast(request, f"{person} is listed again.")
    return redirect("unclaimed", slug)
