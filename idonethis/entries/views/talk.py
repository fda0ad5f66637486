from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from idonethis.accounts.requests import Request
from idonethis.entries.forms import CommentForm
from idonethis.entries.models import Entry
from idonethis.entries.views.entry import seen


def spoken_of(request: Request, hash_id: str) -> Entry:
    """An entry that this person may say something about: who only reads along says nothing."""
    entry = seen(request, hash_id)
    if not entry.team.has_writer(request.user):
        raise PermissionDenied("Observers read. Nothing was changed.")
    return entry


@login_required
@require_POST
def comment(request: Request, hash_id: str) -> HttpResponse:
    entry = spoken_of(request, hash_id)
    form = CommentForm(request.POST)
    if form.is_valid():
        form.instance.entry, form.instance.user = entry, request.user
        form.save()
    return redirect(entry)


@login_required
@require_POST
def delete_comment(request: Request, hash_id: str, comment_id: str) -> HttpResponse:
    """One's own; a team's admins may remove anybody's."""
    entry = seen(request, hash_id)
    comments = entry.comments.filter(deleted_at=None)
    if not entry.team.has_admin(request.user):
        comments = comments.filter(user=request.user)
    found = get_object_or_404(comments, hash_id=comment_id)
    found.deleted_at = timezone.now()
    found.save(update_fields=["deleted_at"])
    return redirect(entry)


@login_required
@require_POST
def like(request: Request, hash_id: str) -> HttpResponse:
    """Likes it, or takes that back."""
    entry = spoken_of(request, hash_id)
    _, is_new = entry.likes.get_or_create(user=request.user)
    if not is_new:
        entry.likes.filter(user=request.user).delete()
    return redirect(entry)
