from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from idonethis.accounts.requests import Request
from idonethis.teams.access import administered, my_membership
from idonethis.teams.forms import InvitationForm, RoleForm
from idonethis.ui.toasts import toast

LAST_ADMIN = "A team needs an admin. Make somebody else one first; nothing was changed."


@login_required
@require_GET
def team_members(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    team = membership.team
    context = {
        "team": team,
        "membership": membership,
        "memberships": team.memberships.select_related("user").order_by("user__name"),
        "invitations": team.invitations.open().select_related("invited_by"),
        "form": InvitationForm(),
        "roles": RoleForm.base_fields["role"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "teams/people.html", context)


@login_required
@require_POST
def invite(request: Request, slug: str) -> HttpResponse:
    team = administered(request, slug)
    form = InvitationForm(request.POST)
    if form.is_valid():
        team.invitations.create(role=form.cleaned_data["role"], invited_by=request.user)
        toast(request, "The invitation link is ready: copy it and send it on.")
    return redirect("team_members", slug)


@login_required
@require_POST
def withdraw(request: Request, slug: str, pk: int) -> HttpResponse:
    team = administered(request, slug)
    invitation = get_object_or_404(team.invitations.open(), pk=pk)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    toast(request, "The invitation no longer works.")
    return redirect("team_members", slug)


@login_required
@require_POST
def change_role(request: Request, slug: str, user_id: str) -> HttpResponse:
    team = administered(request, slug)
    membership = get_object_or_404(team.memberships, user__hash_id=user_id)
    form = RoleForm(request.POST)
    if membership.is_last_admin and request.POST.get("role") != "admin":
        messages.error(request, LAST_ADMIN)
    elif form.is_valid():
        membership.role = form.cleaned_data["role"]
        membership.save(update_fields=["role"])
        toast(request, f"{membership.user} is now {membership.get_role_display()}.")
    return redirect("team_members", slug)


@login_required
@require_POST
def remove_member(request: Request, slug: str, user_id: str) -> HttpResponse:
    """An admin removes anybody, everybody may leave."""
    mine = my_membership(request, slug)
    membership = get_object_or_404(mine.team.memberships, user__hash_id=user_id)
    if not mine.is_admin and membership != mine:
        raise PermissionDenied("Only admins of this team may remove others.")
    if membership.is_last_admin:
        messages.error(request, LAST_ADMIN)
        return redirect("team_members", slug)
    leaves = membership.pk == mine.pk
    membership.delete()
    toast(request, f"{membership.user} no longer belongs to {mine.team}.")
    return redirect("home") if leaves else redirect("team_members", slug)
