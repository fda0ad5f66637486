"""What came in, read again by today's rules: first what would become of it, then the work."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from idonethis.accounts.requests import Request
from idonethis.integrations.models import IntegrationLink, Replay
from idonethis.integrations.models.replay_plan import ReplayPlan
from idonethis.integrations.models.results import WORDS
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.replay_forms import ReplayForm
from idonethis.integrations.views.common import managed_link
from idonethis.integrations.views.jobs import counted
from idonethis.teams.access import administered
from idonethis.teams.models import Team


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replay_link(request: Request, hash_id: str) -> HttpResponse:
    found = managed_link(request, hash_id)
    return _replay(request, Selection(link=found.hash_id), found.team, link=found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replay_team(request: Request, slug: str) -> HttpResponse:
    team = administered(request, slug)
    return _replay(request, Selection(team=team.hash_id), team)


def _replay(
    request: Request, whole: Selection, team: Team, *, link: IntegrationLink | None = None
) -> HttpResponse:
    """Without ``begin`` nothing is done, only planned."""
    form = ReplayForm(whole, team, request.POST if request.method == "POST" else None)
    for_team = link is not None and team.has_admin(request.user)
    context: dict[str, Any] = {"form": form, "team": team, "link": link, "for_team": for_team}
    if not form.is_valid():
        context["left_out"] = whole.left_out()
        status = 422 if form.errors else 200
        return render(request, "integrations/replay.html", context, status=status)
    if "begin" in request.POST:
        return redirect(Replay.begin(form.selection, user=request.user))
    plan = ReplayPlan.of(form.selection)
    context |= {"plan": plan, "results": list(counted(plan.results, WORDS))}
    return render(request, "integrations/replay.html", context)
