"""People at partners whom a team does not know yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.models import User
from idonethis.accounts.requests import Request
from idonethis.integrations.models import IntegrationUser, Receipt, UnclaimedPerson
from idonethis.integrations.models.candidates import Candidate, Member, candidates, members_of
from idonethis.integrations.models.claiming import believe, ids_of_links
from idonethis.integrations.values import Reason
from idonethis.teams.access import administered, my_membership
from idonethis.teams.models import Team
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered

#: How many strangers a page shows, those who were seen last.
SHOWN = 50


@dataclass(frozen=True)
class Waiting:
    """How many events wait for somebody, and since when."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True)
class Stranger:
    person: UnclaimedPerson
    waiting: Waiting
    candidates: list[Candidate]

    def speaks_for(self, user: User) -> Candidate | None:
        """What speaks for it that this reader is the person."""
        return next((each for each in self.candidates if each.user == user), None)


@login_required
@require_safe
def unclaimed(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    team, members = membership.team, members_of(membership.team)
    listed = list(team.unclaimed.open()[: SHOWN + 1])
    strangers = _strangers(team, listed[:SHOWN], members)
    context = {
        "team": team,
        "membership": membership,
        "writes": membership.writes,
        "members": [member.user for member in members],
        "q": request.GET.get("q", ""),
        "strangers": [(each, each.speaks_for(request.user)) for each in strangers],
        "more": len(listed) > SHOWN,
        "bots": [each.person for each in strangers if each.person.looks_like_a_bot],
        "ignored": team.unclaimed.filter(ignored=True)[:SHOWN],
        "matched": IntegrationUser.objects.filter(team=team).select_related("user"),
    }
    return render(request, "integrations/unclaimed.html", context)


def _strangers(
    team: Team, people: Sequence[UnclaimedPerson], members: list[Member]
) -> list[Stranger]:
    waiting = _waiting(team, people)
    return [
        Stranger(
            person,
            waiting.get((person.integration_type, person.key), Waiting()),
            candidates(person, members),
        )
        for person in people
    ]


def _waiting(team: Team, people: Iterable[UnclaimedPerson]) -> dict[tuple[str, str], Waiting]:
    """What waits for whom, by type and key."""
    theirs = {
        "integration_type__in": {each.integration_type for each in people},
        "actor_key__in": {each.key for each in people},
    }
    waiting = Receipt.objects.filter(
        state="done", outcome=Reason.NO_PERSON, read_for__in=ids_of_links(team), **theirs
    )
    counted = waiting.values_list("integration_type", "actor_key").annotate(
        Count("pk"), Min("received_at")
    )
    return {(kind, key): Waiting(count, oldest) for kind, key, count, oldest in counted}


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
    member = get_object_or_404(
        team.memberships.writing(), user__hash_id=request.POST.get("user", "")
    )
    return _believe(request, person, user=member.user, evidence="assigned")


def _believe(
    request: Request, person: UnclaimedPerson, *, user: User, evidence: str
) -> HttpResponse:
    known, count = believe(person, user, evidence=evidence)
    waited = f" {numbered(count, 'event is', 'events are')} being logged, each on its day."
    toast(request, f"{person} at {person.partner} is {user}.{waited * bool(count)}")
    if question := request.POST.get("q"):
        return redirect(f"{reverse('why')}?{urlencode({'q': question, 'team': person.team.slug})}")
    return redirect(f"{reverse('unclaimed', args=[person.team.slug])}#match-{known.pk}")


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
def ignore_bots(request: Request, slug: str) -> HttpResponse:
    """All who look like one, in one press; each can be listed again."""
    team = administered(request, slug)
    bots = [person for person in team.unclaimed.open() if person.looks_like_a_bot]
    for person in bots:
        person.ignore()
    toast(
        request,
        f"{numbered(len(bots), 'bot is', 'bots are')} ignored. Nothing of theirs is logged.",
    )
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
