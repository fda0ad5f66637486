from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.models import User
from idonethis.accounts.requests import Request
from idonethis.entries import text
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.entries.pages import Page, sources_of
from idonethis.ids import hook_token
from idonethis.teams.access import my_membership
from idonethis.teams.models import Membership, Team
from idonethis.ui.toasts import toast


@login_required
@require_safe
def home(request: Request) -> HttpResponse:
    """The first team of the person; without one, their own log."""
    mine = Team.objects.for_user(request.user)
    return redirect(mine.shared().first() or mine.first() or "new_team")


@login_required
@require_safe
@vary_on_headers("HX-Request")
def team_log(request: Request, slug: str) -> HttpResponse:
    membership = my_membership(request, slug)
    team = membership.team
    entries, asked = Entry.objects.for_team(team), request.GET.dict()
    above = entries.carried_over_to(request.user.today()) if team.carries_over else None
    page = Page.of(entries, asked, request.user, None if request.htmx else above)
    context = {"team": team, "membership": membership, "page": page, "base": request.path}
    if request.htmx:
        return render(request, "entries/days.html", context)
    context |= {"key": hook_token()} | _people(team, request.user)
    return render(request, "entries/log.html", context)


def _people(team: Team, reader: User) -> dict[str, object]:
    """Each is asked about by the index of their own log: a team that its tools write for may log
    thousands a day. (The cast keeps SQLite from the index of the team's.)"""
    here = Entry.objects.alias(place=Cast("team", BigIntegerField())).filter(place=team.pk)
    today = here.alive().filter(user=OuterRef("user"), occurred_on=reader.today())
    has_logged = Exists(today)
    found = team.memberships.annotate(logged=has_logged, sources=sources_of(team))
    everybody: list[Any] = list(found.select_related("user"))
    writing = [member for member in everybody if member.writes]
    missing = [member.user for member in writing if not member.logged]
    return {
        "people": [member.user for member in writing],
        "missing": missing,
        "logged": len(writing) - len(missing),
        "sources": sorted({*(everybody[0].sources or ())} - {"app", ""}),
    }


@login_required
@require_POST
def log(request: Request, slug: str) -> HttpResponse:
    """One line of the text is one entry. The page's key makes a double press one entry."""
    membership = my_membership(request, slug)
    if not membership.writes:
        raise PermissionDenied("Observers read. Nothing was logged.")
    lines = text.parse(request.POST.get("body", ""))
    if not lines:
        messages.error(request, "There is nothing to log yet. Write what you got done.")
        return redirect(membership.team)
    if not _is_first_press(request):
        return redirect(membership.team)
    entries = [
        Entry.of(Draft(body=line.body, kind=line.kind), team=membership.team, user=request.user)
        for line in lines
    ]
    try:
        Entry.objects.bear(entries)
    except Exception:
        _forget_press(request)
        raise
    _say_logged(request, entries)
    return _logged(request, membership)


def _is_first_press(request: Request) -> bool:
    return not request.POST.get("key") or cache.add(_press(request), True, 600)


def _forget_press(request: Request) -> None:
    """Nothing is logged yet: whoever presses again means it."""
    cache.delete(_press(request))


def _press(request: Request) -> str:
    name = hashlib.sha256(request.POST.get("key", "").encode()).hexdigest()
    return f"logged:{request.user.pk}:{name}"


def _say_logged(request: Request, entries: list[Entry]) -> None:
    if len(entries) == 1:
        undo = reverse("delete_entry", args=[entries[0].hash_id])
        toast(request, f"Logged as {entries[0].get_kind_display().lower()}.", undo=undo)
    else:
        toast(request, f"Logged {len(entries)} entries.")


def _logged(request: Request, membership: Membership) -> HttpResponse:
    return _live(request, membership) if request.htmx else redirect(membership.team)


def _live(request: Request, membership: Membership) -> HttpResponse:
    """The days as they are now, without anything else of the page."""
    team = membership.team
    page = Page.of(Entry.objects.for_team(team), {}, request.user)
    context = {"team": team, "membership": membership, "page": page}
    context["base"] = team.get_absolute_url()
    return render(request, "entries/days_live.html", context)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def newer(request: Request, slug: str) -> HttpResponse:
    """What has come since ``after``: asked every few seconds, and nearly always nothing."""
    membership = my_membership(request, slug)
    after = request.GET.get("after", "")
    since = int(after) if after.isdecimal() and len(after) < 19 else 2**62
    found = Entry.objects.for_team(membership.team).alive().filter(pk__gt=since)
    if not found.exists():
        return HttpResponse(status=204)
    return _live(request, membership)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def my_log(request: Request) -> HttpResponse:
    mine = Entry.objects.for_user(request.user).visible_to(request.user)
    above = None if request.htmx else mine.carried_over_to(request.user.today())
    page = Page.of(mine, request.GET.dict(), request.user, above).with_teams()
    context = {"page": page, "base": request.path, "team": None, "show_team": True}
    shown = "entries/days.html" if request.htmx else "entries/my_log.html"
    return render(request, shown, context)
