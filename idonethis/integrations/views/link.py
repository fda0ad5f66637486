"""One link: how it is, what came and went, and its settings."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from idonethis.accounts.requests import Request
from idonethis.background import OUTBOX
from idonethis.entries.models import Entry
from idonethis.ids import hook_token
from idonethis.integrations.base import Receives, ReceivesForAll, Sends
from idonethis.integrations.forms import link_form
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.values import Reason, Secret
from idonethis.integrations.views.connecting import allow_leaving
from idonethis.ui.toasts import toast

SHOWN = 30
TONES = {
    Reason.CREATED: "ok",
    Reason.UPDATED: "ok",
    Reason.MERGED: "ok",
    Reason.NO_PERSON: "wait",
    Reason.NOT_IN_TEAM: "wait",
    Reason.FAILED: "bad",
}


def managed(request: Request, hash_id: str) -> IntegrationLink:
    links = IntegrationLink.objects.manageable_by(request.user)
    return get_object_or_404(links.select_related("team", "integration_user"), hash_id=hash_id)


@login_required
@require_GET
def link(request: Request, hash_id: str) -> HttpResponse:
    seen = IntegrationLink.objects.standing().filter(team__memberships__user=request.user)
    found = get_object_or_404(seen.select_related("team", "integration_user"), hash_id=hash_id)
    manages = IntegrationLink.objects.manageable_by(request.user).filter(pk=found.pk).exists()
    integration = found.integration
    context = {
        "link": found,
        "team": found.team,
        "integration": integration,
        "manages": manages,
        "receives": isinstance(integration, Receives),
        "has_own_secret": isinstance(integration, Receives)
        and not isinstance(integration, ReceivesForAll),
        "receipts": _receipts(found),
        "deliveries": _deliveries(found),
        "sends": isinstance(integration, Sends),
        "form": link_form(integration, None, initial=found.config),
        "secret": request.session.pop(f"secret-{hash_id}", ""),
    }
    return allow_leaving(render(request, "integrations/link.html", context), integration)


def _receipts(link: IntegrationLink) -> list[Receipt]:
    found = Receipt.objects.filter(state="done", read_for=link.pk).order_by("-pk")
    shown = list(found.defer("request")[:SHOWN])
    entries = Entry.objects.filter(hash_id__in=[receipt.entry for receipt in shown])
    by_id = {entry.hash_id: entry for entry in entries}
    for receipt in shown:
        receipt.became = by_id.get(receipt.entry)  # type: ignore[attr-defined]
        receipt.word = receipt.outcome.replace("_", " ").capitalize()  # type: ignore[attr-defined]
        receipt.tone = TONES.get(receipt.outcome, "")  # type: ignore[attr-defined,call-overload]
    return shown


def _deliveries(link: IntegrationLink) -> object:
    return link.deliveries.select_related("entry").order_by("-pk")[:SHOWN]


@login_required
@require_POST
def edit_link(request: Request, hash_id: str) -> HttpResponse:
    found = managed(request, hash_id)
    picked = {name: found.config.get(name, "") for name in found.integration.link_form.picks}
    form = found.integration.link_form(data=request.POST.dict() | _lists(request) | picked)
    if form.is_valid():
        found.config = form.cleaned_data
        found.save(update_fields=["config", "updated_at"])
        toast(request, "The link's settings are saved.")
        return redirect(found)
    context = {"link": found, "form": form, "team": found.team}
    return render(request, "integrations/edit_link.html", context, status=422)


def _lists(request: Request) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in request.POST if name == "events" or
            len(request.POST.getlist(name)) > 1}  # fmt: skip


@login_required
@require_POST
def pause_link(request: Request, hash_id: str) -> HttpResponse:
    found = managed(request, hash_id)
    if found.is_paused:
        found.resume()
    else:
        found.pause()
    toast(request, "Paused. Nothing comes in or goes out." if found.is_paused else "It runs again.")
    return redirect(found)


@login_required
@require_POST
def resume_link(request: Request, hash_id: str) -> HttpResponse:
    """Somebody has put right what was wrong at the partner: what was held goes out."""
    found = managed(request, hash_id)
    found.resume()
    released = found.deliveries.all().release()
    OUTBOX.wake_on_commit()
    toast(request, f"It runs again. {released} held entries go out.")
    return redirect(found)


@login_required
@require_POST
def show_secret(request: Request, hash_id: str) -> HttpResponse:
    found = managed(request, hash_id)
    request.session[f"secret-{hash_id}"] = str(found.signing_secret)
    return redirect(found)


@login_required
@require_POST
def rotate_secret(request: Request, hash_id: str) -> HttpResponse:
    found = managed(request, hash_id)
    found.signing_secret = Secret(hook_token())
    found.save(update_fields=["sealed_secret", "updated_at"])
    request.session[f"secret-{hash_id}"] = str(found.signing_secret)
    toast(request, "There is a new secret. The old one is refused from now on.")
    return redirect(found)
