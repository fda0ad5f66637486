from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from idonethis.accounts.limits import asks, too_often
from idonethis.accounts.requests import Request
from idonethis.integrations.sight import Sight
from idonethis.integrations.views.common import may_leave
from idonethis.integrations.why import answer
from idonethis.teams.access import my_membership


@login_required
@require_safe
def why(request: Request) -> HttpResponse:
    """Why did this not become an entry? Of one team, or of all that the person is in."""
    if "q" in request.GET and not asks(request, request.user):
        return too_often(request)
    slug, asked = request.GET.get("team", ""), request.GET.get("q", "")
    team = my_membership(request, slug).team if slug else None
    further = request.GET.get("before", "")[:18]
    before = int(further) if further.isdecimal() else None
    sight = Sight.of(request.user, team=team)
    found = answer(asked, sight, before=before)
    context = {"team": team, "q": asked, "before": before, "answer": found}
    troubled = {link.integration_type: link.integration for link in sight.links if link.trouble}
    return may_leave(render(request, "integrations/why.html", context), *troubled.values())
