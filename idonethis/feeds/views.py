from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.requests import Request
from idonethis.feeds.atom import atom
from idonethis.feeds.calendar import calendar
from idonethis.feeds.models import Feed
from idonethis.feeds.reading import Written
from idonethis.teams.access import my_membership
from idonethis.teams.models import Team
from idonethis.ui.toasts import toast

CALENDAR = Written("text/calendar; charset=utf-8", 1000, calendar)
ATOM = Written("application/atom+xml; charset=utf-8", 50, atom)


@require_safe
def read_calendar(request: HttpRequest, token: str) -> HttpResponse:
    return CALENDAR.answer(request, token)


@require_safe
def read_atom(request: HttpRequest, token: str) -> HttpResponse:
    return ATOM.answer(request, token)


@login_required
@never_cache
@require_safe
def my_feeds(request: Request) -> HttpResponse:
    made = {feed.team: feed for feed in Feed.objects.of(request.user)}
    teams = [None, *Team.objects.for_user(request.user)]
    return render(request, "feeds/my_feeds.html", {"feeds": [(t, made.get(t)) for t in teams]})


@login_required
@require_POST
def make_feed(request: Request) -> HttpResponse:
    """Of the team that is named, or else of all that this person logs."""
    slug = request.POST.get("team", "")
    feed = Feed.objects.make(request.user, my_membership(request, slug) if slug else None)
    toast(request, "The addresses are there. Copy the one that you need.")
    return _shown(feed)


@login_required
@require_POST
def rotate_feed(request: Request, hash_id: str) -> HttpResponse:
    feed = get_object_or_404(Feed.objects.of(request.user), hash_id=hash_id)
    feed.rotate()
    toast(request, "The old addresses are good no more. Give the new one to your programs.")
    return _shown(feed)


@login_required
@require_POST
def withdraw_feed(request: Request, hash_id: str) -> HttpResponse:
    get_object_or_404(Feed.objects.of(request.user), hash_id=hash_id).withdraw()
    toast(request, "Nobody reads anything at these addresses any more.")
    return redirect("my_feeds")


def _shown(feed: Feed) -> HttpResponse:
    return redirect(f"{reverse('my_feeds')}#feed-{feed.hash_id}")
