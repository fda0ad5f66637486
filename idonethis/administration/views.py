from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from idonethis import __version__
from idonethis.accounts.models import FORMER, LastAdministrator, User
from idonethis.accounts.requests import Request
from idonethis.administration.access import administrators_only
from idonethis.administration.changes import Page
from idonethis.administration.forms import PersonDeletionForm
from idonethis.audit.models import AuditRecord
from idonethis.doctor import Checkup
from idonethis.integrations.models import OutgoingHold
from idonethis.integrations.models.sweeping import waiting
from idonethis.privacy.deactivation import deactivate, reactivate
from idonethis.privacy.deletion import CannotGo, Deletion
from idonethis.teams.access import administered, my_membership
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered


@administrators_only
@require_safe
def administration(request: Request) -> HttpResponse:
    context = {"checkup": Checkup.here(), "version": __version__}
    return render(request, "administration/server.html", context)


@administrators_only
@require_POST
def resume_outgoing(request: Request) -> HttpResponse:
    """After a restore: this log is the one that counts."""
    due = waiting()
    if OutgoingHold.lift():
        going = numbered(due.entries, "entry goes", "entries go")
        toast(request, f"What waited goes out now: {going} to partners.")
    return redirect("administration")


@administrators_only
@require_safe
def people(request: Request) -> HttpResponse:
    everybody = User.objects.exclude(email__endswith=FORMER).order_by("name", "pk")
    return render(request, "administration/people.html", {"people": everybody})


@administrators_only
@require_safe
def person(request: Request, hash_id: str) -> HttpResponse:
    return _person_page(request, _person(hash_id))


def _person(hash_id: str) -> User:
    return get_object_or_404(User.objects.exclude(email__endswith=FORMER), hash_id=hash_id)


def _person_page(
    request: Request, person: User, form: PersonDeletionForm | None = None
) -> HttpResponse:
    context = {
        "person": person,
        "deletion": Deletion(person),
        "form": form or PersonDeletionForm(person=person),
    }
    return render(request, "administration/person.html", context, status=422 if form else 200)


@administrators_only
@require_POST
def deactivate_person(request: Request, hash_id: str) -> HttpResponse:
    found = _person(hash_id)
    try:
        deactivate(found)
        toast(request, f"{found} cannot sign in any more. What they logged stays.")
    except CannotGo as problem:
        messages.error(request, str(problem))
    return redirect("person", hash_id)


@administrators_only
@require_POST
def reactivate_person(request: Request, hash_id: str) -> HttpResponse:
    found = _person(hash_id)
    reactivate(found)
    toast(request, f"{found} can sign in again.")
    return redirect("person", hash_id)


@administrators_only
@require_POST
def make_administrator(request: Request, hash_id: str) -> HttpResponse:
    found = _person(hash_id)
    found.administer()
    toast(request, f"{found} administers this server from now on.")
    return redirect("person", hash_id)


@administrators_only
@require_POST
def end_administration(request: Request, hash_id: str) -> HttpResponse:
    found = _person(hash_id)
    try:
        found.stop_administering()
        toast(request, f"{found} does not administer this server any more.")
    except LastAdministrator as problem:
        messages.error(request, str(problem))
    return redirect("home") if found == request.user else redirect("person", hash_id)


@administrators_only
@require_POST
def delete_person(request: Request, hash_id: str) -> HttpResponse:
    found = _person(hash_id)
    form = PersonDeletionForm(request.POST, person=found)
    if not form.is_valid():
        return _person_page(request, found, form)
    name = str(found)
    try:
        Deletion(found).run()
    except CannotGo as problem:
        messages.error(request, str(problem))
        return redirect("person", hash_id)
    toast(request, f"{name} is deleted. Their traces in stored hooks are being removed, too.")
    return redirect("people")


@administrators_only
@require_safe
def changes(request: Request) -> HttpResponse:
    page = Page.of(AuditRecord.objects.all(), request.GET.dict())
    context = {"page": page, "q": request.GET.get("q", "")}
    return render(request, "administration/changes.html", context)


@login_required
@require_safe
def team_changes(request: Request, slug: str) -> HttpResponse:
    team = administered(request, slug)
    page = Page.of(AuditRecord.objects.about_team(team), request.GET.dict())
    context = {"team": team, "membership": my_membership(request, slug), "page": page}
    return render(
        request, "administration/team_changes.html", context | {"q": request.GET.get("q", "")}
    )
