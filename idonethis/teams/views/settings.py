from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from idonethis.accounts.requests import Request
from idonethis.teams.access import administered, my_membership
from idonethis.teams.forms import NewTeamForm, TeamForm
from idonethis.teams.models import Membership
from idonethis.ui.toasts import toast


@login_required
def new_team(request: Request) -> HttpResponse:
    form = NewTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        team = form.save()
        team.join(request.user, Membership.Role.ADMIN)
        return redirect(team)
    status = 422 if form.errors else 200
    return render(request, "teams/new.html", {"form": form}, status=status)


@login_required
def team_settings(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    team = administered(request, slug) if request.method == "POST" else membership.team
    form = TeamForm(request.POST or None, instance=team)
    if request.method == "POST" and form.is_valid():
        form.save()
        toast(request, "The team's settings are saved.")
        return redirect("team_settings", slug)
    context = {"team": team, "membership": membership, "form": form}
    return render(request, "teams/settings.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def team_integrations(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    context = {"team": membership.team, "membership": membership}
    return render(request, "teams/integrations.html", context)


@login_required
@require_POST
def delete_team(request: Request, slug: str) -> HttpResponse:
    team = administered(request, slug)
    if request.POST.get("name", "").strip() != team.name:
        messages.error(request, "That is not the team's name. Nothing was deleted.")
        return redirect("team_settings", slug)
    team.delete()
    toast(request, f"{team.name} and its log are deleted.")
    return redirect("home")
