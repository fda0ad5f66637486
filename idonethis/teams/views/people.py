from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.requests import Request
from idonethis.teams.access import shared_administered, shared_membership
from idonethis.teams.forms import RoleForm
from idonethis.teams.models import Invitation, LastAdmin, Role
from idonethis.ui.toasts import toast


@login_required
@require_safe
def team_members(request: Request, slug: str) -> HttpResponse:
    membership = shared_membership(request, slug)
    team = membership.team
    invitations = team.invitations.open().select_related("invited_by").order_by("created_at")
    context = {
        "team": team,
        "membership": membership,
        "memberships": team.memberships.select_related("user").order_by("user__name", "pk"),
        "invitations": invitations,
        "form": RoleForm(),
        "roles": Role.values,
    }
    return render(request, "teams/people.html", context)


@login_required
@require_POST
def invite(request: Request, slug: str) -> HttpResponse:
    team = shared_administered(request, slug)
    form = RoleForm(request.POST)
    if form.is_valid():
        Invitation.objects.make(team, role=form.cleaned_data["role"], by=request.user)
        toast(request, "The invitation link is ready: copy it and send it on.")
    else:
        messages.error(request, "That is no role of a team. No invitation was made.")
    return redirect(_invitations(slug))


def _invitations(slug: str) -> str:
    return reverse("team_members", args=[slug]) + "#invitations"


@login_required
@require_POST
def withdraw(request: Request, slug: str, pk: int) -> HttpResponse:
    team = shared_administered(request, slug)
    get_object_or_404(team.invitations.open(), pk=pk).withdraw()
    undo = reverse("restore_invitation", args=[slug, pk])
    toast(request, "The invitation no longer works.", undo=undo)
    return redirect(_invitations(slug))


@login_required
@require_POST
def restore(request: Request, slug: str, pk: int) -> HttpResponse:
    team = shared_administered(request, slug)
    get_object_or_404(team.invitations, pk=pk).restore()
    toast(request, "The invitation works again.")
    return redirect(_invitations(slug))


@login_required
@require_POST
def change_role(request: Request, slug: str, user_id: str) -> HttpResponse:
    team = shared_administered(request, slug)
    membership = get_object_or_404(team.memberships, user__hash_id=user_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "That is no role of a team. Nothing was changed.")
        return redirect("team_members", slug)
    try:
        membership.become(form.cleaned_data["role"])
        toast(request, f"{membership.user} is now {membership.get_role_display().lower()}.")
    except LastAdmin as problem:
        messages.error(request, str(problem))
    return redirect("team_members", slug)


@login_required
@require_POST
def remove_member(request: Request, slug: str, user_id: str) -> HttpResponse:
    """An admin removes anybody, everybody may leave."""
    mine = shared_membership(request, slug)
    membership = get_object_or_404(mine.team.memberships, user__hash_id=user_id)
    leaves = membership.pk == mine.pk
    if not (mine.is_admin or leaves):
        raise PermissionDenied("Only admins of this team may remove others.")
    try:
        membership.end()
    except LastAdmin as problem:
        messages.error(request, str(problem))
        return redirect("team_members", slug)
    who = "You" if leaves else str(membership.user)
    toast(request, f"{who} no longer belong{'' if leaves else 's'} to {mine.team}.")
    return redirect("home") if leaves else redirect("team_members", slug)
