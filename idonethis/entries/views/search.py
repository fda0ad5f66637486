from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.limits import asks, too_often
from idonethis.accounts.models import User
from idonethis.accounts.requests import Request
from idonethis.entries.pages import sources
from idonethis.entries.searches import Search
from idonethis.teams.access import my_membership
from idonethis.teams.models import Team


@login_required
@require_safe
@vary_on_headers("HX-Request")
def search(request: Request) -> HttpResponse:
    """Entries of one team, or of all that the person is in."""
    if "q" in request.GET and not asks(request, request.user):
        return too_often(request)
    mine = list(Team.objects.for_user(request.user))
    slug = request.GET.get("team", "")
    team = my_membership(request, slug).team if slug else None
    found = Search.of(request.GET.dict(), [team] if team else mine)
    context: dict[str, Any] = {"search": found, "team": team, "base": request.path}
    if request.htmx:
        return render(request, "entries/hits.html", context)
    context |= {"teams": mine, "people": _people([team] if team else mine)}
    context["sources"] = sorted({*sources(team)} - {"app", ""}) if team else []
    return render(request, "entries/search.html", context)


def _people(teams: list[Team]) -> list[User]:
    there = User.objects.filter(memberships__team__in=teams).distinct()
    return list(there.order_by("name", "pk"))
