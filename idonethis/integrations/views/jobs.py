"""Long work: how far it is, what came of it, and what may be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.requests import Request
from idonethis.entries.models import Entry
from idonethis.integrations.models import Job
from idonethis.integrations.models.results import WHY
from idonethis.integrations.values import Reason
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered


@login_required
@require_safe
@vary_on_headers("HX-Request")
def job(request: Request, hash_id: str) -> HttpResponse:
    found = seen_job(request, hash_id)
    context = {
        "job": found,
        "team": found.team,
        "link": found.link,
        "manages": Job.objects.manageable_by(request.user).filter(pk=found.pk).exists(),
        "left": left(found.left),
        "results": list(counted(found.results, found.work.words)),
        "reasons": list(reasons_of(found)),
        "unmatched": found.reasons.get(Reason.NO_PERSON, 0),
        "made": Entry.objects.brought_by(found.hash_id).count(),
    }
    part = "#live" if request.htmx else ""
    return render(request, f"integrations/job.html{part}", context)


def seen_job(request: Request, hash_id: str) -> Job:
    """One of a team of this person; others are not there."""
    found = Job.objects.visible_to(request.user).select_related("team", "link", "user")
    return get_object_or_404(found, hash_id=hash_id)


def managed_job(request: Request, hash_id: str) -> Job:
    found = seen_job(request, hash_id)
    if not Job.objects.manageable_by(request.user).filter(pk=found.pk).exists():
        raise PermissionDenied("Only who began it, and admins of its team, may do this.")
    return found


def counted(
    results: Mapping[str, int], words: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[int, str]]:
    """Each result with its words, in the order of the kind of work."""
    for name, (one, more) in words.items():
        if count := results.get(name, 0):
            yield count, one if count == 1 else more


def reasons_of(job: Job) -> Iterator[tuple[int, str]]:
    """Why nothing came of some."""
    for why, count in job.reasons.items():
        if why in WHY:
            yield count, WHY[Reason(why)]


def left(rest: timedelta | None) -> str:
    if rest is None:
        return ""
    minutes = round(rest.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute left"
    if minutes < 90:
        return f"about {numbered(minutes, 'minute', 'minutes')} left"
    return f"about {round(minutes / 60)} hours left"


@login_required
@require_POST
def stop_job(request: Request, hash_id: str) -> HttpResponse:
    found = managed_job(request, hash_id)
    if found.stop():
        toast(request, "It is stopped. What was done before stays.")
    return redirect(found)


@login_required
@require_POST
def continue_job(request: Request, hash_id: str) -> HttpResponse:
    found = managed_job(request, hash_id)
    if found.go_on():
        toast(request, "It goes on where it stopped.")
    return redirect(found)


@login_required
@require_POST
def undo_job(request: Request, hash_id: str) -> HttpResponse:
    """By a job of its own, since it may take its time, too."""
    found = managed_job(request, hash_id)
    if not found.can_undo:
        toast(request, "There is nothing to undo. Nothing was changed.")
        return redirect(found)
    return redirect(found.undo(by=request.user))
