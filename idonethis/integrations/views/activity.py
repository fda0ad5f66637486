"""All that came in and went out: by one link, and by all of a team."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.requests import Request
from idonethis.integrations.activity import Activity
from idonethis.integrations.filters import Filters
from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.reasons import DELIVERIES, ENDINGS
from idonethis.integrations.refused import refused
from idonethis.integrations.sight import Sight
from idonethis.integrations.views.common import manages, seen_link
from idonethis.teams.access import my_membership
from idonethis.teams.models import Team

#: What the filter offers, by direction.
RESULTS = (("Came in", ENDINGS.items()), ("Went out", DELIVERIES.items()))


@login_required
@require_safe
@vary_on_headers("HX-Request")
def team_activity(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    sight = Sight.of(request.user, team=membership.team)
    return _page(request, sight, {"team": membership.team, "membership": membership})


@login_required
@require_safe
@vary_on_headers("HX-Request")
def link_activity(request: Request, hash_id: str) -> HttpResponse:
    link = seen_link(request, hash_id)
    sight = Sight.of(request.user, team=link.team).only([link])
    return _page(request, sight, {"team": link.team, "link": link})


def _read_again(request: Request, team: Team, links: Sequence[IntegrationLink]) -> str:
    """Where what came in by these links is read again; nowhere for who may not."""
    if len(links) == 1:
        (link,) = links
        return reverse("replay_link", args=[link.hash_id]) if manages(request, link) else ""
    return reverse("replay_team", args=[team.slug]) if team.has_admin(request.user) else ""


def _page(request: Request, sight: Sight, about: dict[str, Any]) -> HttpResponse:
    before = request.GET.get("before", "")
    filters = Filters.asked(request.GET.dict())
    shown = filters.links_of(sight)
    context = {
        **about,
        "activity": Activity.of(sight, filters, before=before),
        "filters": filters,
        "refused": [] if before else refused(sight.links),
        "links": sight.links,
        "open_ids": sight.open_ids,
        "live": not before,
        "results": RESULTS,
        "read_again": _read_again(request, about["team"], shown) * filters.can_be_read_again,
    }
    part = "#lines" if request.htmx else ""
    return render(request, f"integrations/activity.html{part}", context)
