"""What is suggested to the person who asks, and to nobody else."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from idonethis.accounts.requests import Request
from idonethis.integrations.models import Suggestion
from idonethis.integrations.models.deciding import decide, wait_again
from idonethis.integrations.models.suggestions import SuggestionQuerySet
from idonethis.integrations.values import Verdict
from idonethis.teams.models import Team
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered

DONE = {
    Verdict.ACCEPT: ("1 suggestion is logged.", "{} suggestions are logged, each on its day."),
    Verdict.DISMISS: ("1 suggestion is dismissed.", "{} suggestions are dismissed."),
}


@login_required
@require_POST
def accept_suggestions(request: Request) -> HttpResponse:
    return _decided(request, Verdict.ACCEPT)


@login_required
@require_POST
def dismiss_suggestions(request: Request) -> HttpResponse:
    return _decided(request, Verdict.DISMISS)


def _decided(request: Request, verdict: Verdict) -> HttpResponse:
    """Of those that are named, what is this person’s and still waits."""
    names = decide(_asked(request), verdict)
    if not names:
        toast(request, "That was decided before. Nothing was changed.")
        return _back(request)
    one, more = DONE[verdict]
    query = urlencode({"name": names, "team": request.POST.get("team", "")}, doseq=True)
    undo = f"{reverse('undo_suggestions')}?{query}"
    toast(request, one if len(names) == 1 else more.format(len(names)), undo=undo)
    return _back(request)


@login_required
@require_POST
def undo_suggestions(request: Request) -> HttpResponse:
    """Only what its person has changed since stays in the log."""
    asked = _asked(request)
    waits = len(wait_again(asked))
    said = [f"{numbered(waits, 'suggestion waits', 'suggestions wait')} again."] if waits else []
    if kept := asked.count() - waits:
        said.append(f"{numbered(kept, 'entry stays', 'entries stay')}, since you have changed it.")
    toast(request, " ".join(said))
    return _back(request)


def _asked(request: Request) -> SuggestionQuerySet:
    """Raises Http404 where nothing of it is theirs."""
    names = [*request.POST.getlist("name"), *request.GET.getlist("name")]
    found = Suggestion.objects.of(request.user).filter(hash_id__in=names[:200])
    if not found.exists():
        raise Http404("There is no such suggestion for you.")
    return found


def _back(request: Request) -> HttpResponse:
    slug = request.POST.get("team") or request.GET.get("team", "")
    return redirect(Team.objects.for_user(request.user).filter(slug=slug).first() or "my_log")
