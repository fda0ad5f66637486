from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.limits import asks, too_often
from idonethis.accounts.requests import Request
from idonethis.integrations.models import Inquiry, Job
from idonethis.integrations.models.inquiring import can_inquire
from idonethis.integrations.sight import Sight
from idonethis.integrations.views.common import managed_link, may_leave
from idonethis.integrations.why import answer
from idonethis.integrations.why.inquired import Inquired
from idonethis.teams.access import my_membership


@login_required
@require_safe
@vary_on_headers("HX-Request")
def why(request: Request) -> HttpResponse:
    """Why did this not become an entry? Of one team, or of all that the person is in."""
    inquired = _inquired(request)
    if request.htmx and inquired:
        return _how_far(request, inquired)
    if "q" in request.GET and not asks(request, request.user):
        return too_often(request)
    slug, asked = request.GET.get("team", ""), request.GET.get("q", "")
    team = my_membership(request, slug).team if slug else None
    further = request.GET.get("before", "")[:18]
    before = int(further) if further.isdecimal() else None
    sight = Sight.of(request.user, team=team)
    context = {
        "team": team,
        "q": asked,
        "before": before,
        "inquired": inquired,
        "answer": answer(asked, sight, before=before),
    }
    troubled = {link.integration_type: link.integration for link in sight.links if link.trouble}
    return may_leave(render(request, "integrations/why.html", context), *troubled.values())


def _inquired(request: Request) -> Inquired | None:
    """What they have asked a partner from this page."""
    jobs = Job.objects.visible_to(request.user).filter(kind=Inquiry.kind)
    asked = jobs.filter(hash_id=request.GET.get("asked", ""))
    return Inquired.of(asked.select_related("link").first())


def _how_far(request: Request, inquired: Inquired) -> HttpResponse:
    """Once it is over, the whole page is to be seen anew: what came may be the answer."""
    response = render(request, "integrations/why.html#inquired", {"inquired": inquired})
    if not inquired.job.is_running:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def ask_partner(request: Request, hash_id: str) -> HttpResponse:
    """Whether it tried to tell of what is missing. What it says is shown beside the question."""
    found = managed_link(request, hash_id)
    if not can_inquire(found):
        raise Http404(f"No webhook that we made stands for {found}.")
    if not asks(request, request.user):
        return too_often(request)
    job = Inquiry.begin(found, user=request.user)
    about = {name: request.POST[name] for name in ("q", "team") if request.POST.get(name)}
    return redirect(f"{reverse('why')}?{urlencode({**about, 'asked': job.hash_id})}")
