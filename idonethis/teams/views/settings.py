from __future__ import annotations

from copy import copy

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from idonethis.accounts.requests import Request, posted
from idonethis.audit.models import record
from idonethis.teams.access import administered, my_membership, shared_administered
from idonethis.teams.forms import DeleteForm, NewTeamForm, TeamForm
from idonethis.teams.models import Membership, Team
from idonethis.ui.toasts import toast


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_team(request: Request) -> HttpResponse:
    form = NewTeamForm(posted(request))
    if form.is_valid():
        team = Team.objects.found(form.cleaned_data["name"], admin=request.user)
        toast(request, f"{team} is founded. Invite the others here.")
        return redirect("team_members", team.slug)
    status = 422 if form.errors else 200
    return render(request, "teams/new.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def team_settings(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    if request.method != "POST":
        return _page(request, membership)
    # Its own copy: a refused form fills its team even so, and the page shows what is stored.
    form = TeamForm(request.POST, instance=copy(administered(request, slug)))
    if form.is_valid():
        with transaction.atomic():
            team = form.save()
            record("team.changed", team, team=team, fields=sorted(form.changed_data))
        toast(request, "The team's settings are saved.")
        return redirect("team_settings", slug)
    return _page(request, membership, form=form)


def _page(
    request: Request,
    membership: Membership,
    *,
    form: TeamForm | None = None,
    deletion: DeleteForm | None = None,
) -> HttpResponse:
    team = membership.team
    context = {
        "team": team,
        "membership": membership,
        "form": form or TeamForm(instance=team),
        "deletion": deletion or DeleteForm(team=team),
    }
    status = 422 if form or deletion else 200
    return render(request, "teams/settings.html", context, status=status)


@login_required
@require_safe
def team_integrations(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    context = {"team": membership.team, "membership": membership}
    return render(request, "teams/integrations.html", context)


@login_required
@require_POST
def delete_team(request: Request, slug: str) -> HttpResponse:
    team = shared_administered(request, slug)
    deletion = DeleteForm(request.POST, team=team)
    if not deletion.is_valid():
        return _page(request, my_membership(request, slug), deletion=deletion)
    team.delete()
    toast(request, f"{team.name} and its log are deleted.")
    return redirect("home")
