from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.requests import Request
from idonethis.entries.forms import CommentForm, EntryForm
from idonethis.entries.models import Comment, Entry
from idonethis.entries.models.entry import ADMINS_RESTORE
from idonethis.ui.toasts import toast

#: How many comments a page shows.
SHOWN = 50


def seen(request: Request, hash_id: str) -> Entry:
    """An entry of a team of this person; others are not there."""
    mine = Entry.objects.visible_to(request.user).select_related("team", "user")
    return get_object_or_404(mine, hash_id=hash_id)


def changeable(request: Request, hash_id: str) -> Entry:
    found = seen(request, hash_id)
    if not found.can_change(request.user):
        raise PermissionDenied("Only its author and the team's admins change it. Nothing changed.")
    return found


@login_required
@require_safe
def entry(request: Request, hash_id: str) -> HttpResponse:
    found = seen(request, hash_id)
    comments, earlier = _talk(found, before=request.GET.get("before", ""))
    context = {
        "entry": found,
        "team": found.team,
        "can_change": found.can_change(request.user),
        "can_restore": found.deleted_at and found.can_restore(request.user),
        "writes": found.team.has_writer(request.user),
        "comments": comments,
        "earlier": earlier,
        "likes": list(found.likes.select_related("user")),
        "liked": found.likes.filter(user=request.user).exists(),
        "details": found.details.all(),
        "form": EntryForm(instance=found),
        "comment_form": CommentForm(),
    }
    return render(request, "entries/entry.html", context)


def _talk(entry: Entry, *, before: str) -> tuple[list[Comment], str]:
    """The last comments that come before this one, in the order in which they were made; and before
    which there are others: empty, where there are none."""
    told = entry.comments.filter(deleted_at=None)
    place = entry.comments.filter(hash_id=before).values_list("pk", flat=True).first()
    below = told.filter(pk__lt=place) if place else told
    found = list(below.select_related("user").order_by("-pk")[: SHOWN + 1])
    shown = found[:SHOWN][::-1]
    return shown, shown[0].hash_id if len(found) > SHOWN else ""


@login_required
@require_POST
def edit_entry(request: Request, hash_id: str) -> HttpResponse:
    found = changeable(request, hash_id)
    day = found.occurred_on
    form = EntryForm(request.POST, instance=found)
    if not form.is_valid():
        context = {"entry": seen(request, hash_id), "team": found.team, "form": form}
        return render(request, "entries/edit.html", context, status=422)
    said = form.cleaned_data
    found.occurred_on = day
    found.edit(kind=said["kind"], body=said["body"])
    if said["occurred_on"] != day:
        found.move_to(said["occurred_on"])
    toast(request, "Saved.")
    return redirect(found)


@login_required
@require_POST
def delete_entry(request: Request, hash_id: str) -> HttpResponse:
    found = changeable(request, hash_id)
    found.delete_softly(by=request.user)
    toast(request, "Deleted.", undo=reverse("restore_entry", args=[hash_id]))
    return redirect(found.team)


@login_required
@require_POST
def restore_entry(request: Request, hash_id: str) -> HttpResponse:
    found = changeable(request, hash_id)
    if found.deleted_at and not found.can_restore(request.user):
        raise PermissionDenied(ADMINS_RESTORE)
    if found.can_come_back:
        found.restore()
        toast(request, "It is back.")
    return redirect(found)


@login_required
@require_POST
def complete_entry(request: Request, hash_id: str) -> HttpResponse:
    found = changeable(request, hash_id)
    if found.is_open:
        found.complete(on=found.user.today())
        toast(request, "Done, as of today.", undo=reverse("reopen_entry", args=[hash_id]))
    return redirect(found.team)


@login_required
@require_POST
def reopen_entry(request: Request, hash_id: str) -> HttpResponse:
    found = changeable(request, hash_id)
    if found.completed_on:
        found.reopen(by=request.user)
        toast(request, "It is open again.")
    return redirect(found.team)
