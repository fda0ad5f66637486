"""How the log of a team moves in and out. Its admins bring in; who sees it may take it along."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from idonethis.accounts.requests import Request
from idonethis.audit.models import record
from idonethis.entries.models import Entry
from idonethis.integrations.http import Failed
from idonethis.integrations.models import Job
from idonethis.integrations.views.jobs import counted
from idonethis.porting.forms import ExportForm, ServerForm, UploadForm
from idonethis.porting.models import Collect, Import, Plan, Upload
from idonethis.porting.models.importing import WORDS
from idonethis.porting.remote import Remote
from idonethis.porting.writing.files import Export
from idonethis.teams.access import administered, my_membership

#: Jobs and lines that a page shows.
SHOWN = 50
#: Entries that a page hands out at once.
MOST = 50_000
TOO_MANY = (
    f"There are more than {MOST:,} entries. Let who runs the server say “idonethis export --team”."
)
KINDS = ("import", "collect", "unimport")
TYPES = {"jsonl": "application/jsonl", "csv": "text/csv", "zip": "application/zip"}


@login_required
@require_safe
def moving(request: Request, slug: str) -> HttpResponse:
    return _page(request, slug)


def _page(request: Request, slug: str, **forms: Any) -> HttpResponse:
    membership = my_membership(request, slug)
    team = membership.team
    context = {
        "team": team,
        "membership": membership,
        "file_form": UploadForm(),
        "server_form": ServerForm(),
        "jobs": Job.objects.filter(team=team, kind__in=KINDS).order_by("-pk")[:SHOWN],
        "uploads": team.uploads.filter(sealed_token="").order_by("-pk")[:SHOWN],
        **forms,
    }
    return render(request, "porting/moving.html", context, status=422 if forms else 200)


@login_required
@require_POST
def new_upload(request: Request, slug: str) -> HttpResponse:
    """Reads a file, and brings in nothing yet."""
    team = administered(request, slug)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, slug, file_form=form)
    file, user = form.cleaned_data["file"], request.user
    upload = Upload.objects.keep(form.read, team=team, name=file.name or "A file", user=user)
    record("upload.read", upload, team=team, rows=upload.rows, refused=upload.refused_count)
    return redirect(upload)


@login_required
@require_POST
@sensitive_post_parameters("token")
def new_collection(request: Request, slug: str) -> HttpResponse:
    """Begins to read another server, and brings in nothing yet."""
    team = administered(request, slug)
    form = ServerForm(request.POST)
    if not form.is_valid():
        return _page(request, slug, server_form=form)
    asked = form.cleaned_data
    try:
        there = Remote(asked["address"], asked["token"]).team(asked["team"])
    except Failed as problem:
        form.add_error(None, f"{problem} Nothing was imported.")
        return _page(request, slug, server_form=form)
    where = {"address": asked["address"], "token": asked["token"], "there": there}
    return redirect(Collect.begin(team, user=request.user, **where))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request, slug: str, hash_id: str) -> HttpResponse:
    """What an upload would bring; with a POST it is brought in."""
    team = administered(request, slug)
    found = get_object_or_404(team.uploads.filter(sealed_token=""), hash_id=hash_id)
    if request.method == "POST":
        return redirect(Import.begin(found, user=request.user))
    plan = Plan.of(found)
    context = {
        "team": team,
        "upload": found,
        "plan": plan,
        "results": list(counted(plan.results, WORDS)),
        "refused": found.refused[:SHOWN],
    }
    return render(request, "porting/upload.html", context)


@login_required
@require_POST
@never_cache
def export_team(request: Request, slug: str) -> HttpResponse:
    team, form = my_membership(request, slug).team, ExportForm(request.POST)
    if not form.is_valid():
        return _page(request, slug, refused="There is no such kind of file.")
    if Entry.objects.for_team(team).alive().count() > MOST:
        return _page(request, slug, refused=TOO_MANY)
    kind = form.cleaned_data["form"]
    record("log.exported", team, team=team, form=kind)
    export = Export(team)
    # Sent whole: an ASGI server would first collect what is streamed anyway.
    response = HttpResponse(export.download(kind), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{export.name}.{kind}"'
    return response
