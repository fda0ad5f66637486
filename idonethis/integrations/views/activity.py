"""All that came in and went out: by one link, and by all of a team."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.requests import Request
from idonethis.integrations.activity import Activity
from idonethis.integrations.filters import Filters
from idonethis.integrations.reasons import DELIVERIES, ENDINGS
from idonethis.integrations.refused import refused
from idonethis.integrations.sight import Sight
from idonethis.integrations.views.common import seen_link
from idonethis.teams.access import my_membership

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


def _page(request: Request, sight: Sight, about: dict[str, Any]) -> HttpResponse:
    before = request.GET.get("before", "")
    filters = Filters.asked(request.GET.dict())
    context = {
        **about,
        "activity": Activity.of(sight, filters, before=before),
        "filters": filters,
        "refused": [] if before else refused(sight.links),
        "links": sight.links,
        "open_ids": sight.open_ids,
        "live": not before,
        "results": RESULTS,
    }
    part = "#lines" if request.htmx else ""
    return render(request, f"integrations/activity.html{part}", context)
