from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from idonethis.accounts.requests import Request
from idonethis.integrations.models import IntegrationLink, Receipt, UnclaimedPerson
from idonethis.teams.access import administered, my_membership
from idonethis.teams.models import Team
from idonethis.ui.toasts import toast


@login_required
@require_GET
def unclaimed(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    team = membership.team
    people = list(team.unclaimed.open())
    for person in people:
        person.waiting = _waiting(person, team).count()  # type: ignore[attr-defined]
    context = {
        "team": team,
        "membership": membership,
        "people": people,
        "members": [m.user for m in team.memberships.select_related("user")],
    }
    return render(request, "integrations/unclaimed.html", context)


def _waiting(person: UnclaimedPerson, team: Team) -> object:
    links = IntegrationLink.objects.filter(team=team).values_list("pk", flat=True)
    waiting = Receipt.objects.waiting_for([person.key], integration_type=person.integration_type)
    return waiting.filter(read_for__in=list(links))


@login_required
@require_POST
def claim(request: Request, slug: str, pk: int) -> HttpResponse:
    """A member says: this is me."""
    membership = my_membership(request, slug)
    person = get_object_or_404(membership.team.unclaimed.open(), pk=pk)
    return _belongs(request, person, membership.team, user=request.user, evidence="claimed")


@login_required
@require_POST
def assign(request: Request, slug: str, pk: int) -> HttpResponse:
    """An admin says who it is."""
    team = administered(request, slug)
    person = get_object_or_404(team.unclaimed.open(), pk=pk)
    member = get_object_or_404(team.memberships, user__hash_id=request.POST.get("user", ""))
    return _belongs(request, person, team, user=member.user, evidence="assigned")


def _belongs(
    request: Request, person: UnclaimedPerson, team: Team, *, user: object, evidence: str
) -> HttpResponse:
    waiting = _waiting(person, team)
    person.belongs_to(user, evidence=evidence)  # type: ignore[arg-type]
    count = waiting.replay()  # type: ignore[attr-defined]
    toast(request, f"{person} is {user}. {count} waiting events are being logged, with their days.")
    return redirect("unclaimed", team.slug)


@login_required
@require_POST
def ignore(request: Request, slug: str, pk: int) -> HttpResponse:
    team = administered(request, slug)
    get_object_or_404(team.unclaimed.open(), pk=pk).ignore()
    toast(request, "Ignored. Nothing of theirs is logged.")
    return redirect("unclaimed", team.slug)
