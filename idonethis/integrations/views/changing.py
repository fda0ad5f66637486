"""What changes a link that is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from idonethis.accounts.requests import Request
from idonethis.background import INBOX
from idonethis.integrations import effects
from idonethis.integrations.asking import ask
from idonethis.integrations.base import LinkForm
from idonethis.integrations.captures import mapping
from idonethis.integrations.forms import TheirSecretForm
from idonethis.integrations.http import Failed
from idonethis.integrations.link_forms import brought, fix_picks, link_form
from idonethis.integrations.models import IntegrationLink, Receipt, Replay
from idonethis.integrations.models.left_out import LEFT_OUT, left_out
from idonethis.integrations.models.making import change_link
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.values import Reason
from idonethis.integrations.views.common import accounts_of, managed_link
from idonethis.integrations.views.link import link_page
from idonethis.ui.toasts import toast
from idonethis.ui.words import numbered


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_link(request: Request, hash_id: str) -> HttpResponse:
    found = managed_link(request, hash_id)
    data = request.POST if request.method == "POST" and "search" not in request.POST else None
    form = form_of(request, found, data)
    if data is not None and form.is_valid() and _changed(found, form):
        return _saved(request, found)
    shown = managed_link(request, hash_id)
    return edit_page(request, shown, form, config=shown.config)


def _saved(request: Request, link: IntegrationLink) -> HttpResponse:
    """What has come in before is read again if the person says so, now or on the page of the
    link."""
    changed = [each for each in effects.effects(link, link.config) if each.changes]
    if changed and "apply" in request.POST and not link.is_paused:
        return redirect(Replay.begin(effects.latest(link), user=request.user))
    toast(request, "The settings of the link are saved.")
    ends = Counter(each.receipt.outcome in LEFT_OUT and not link.is_paused for each in changed)
    said = {"differ": ends[False], "left_out": int(left_out(link) is not None)}
    query = urlencode({name: value for name, value in said.items() if value})
    return redirect(f"{link.get_absolute_url()}?{query}" if query else link)


def edit_page(
    request: Request,
    link: IntegrationLink,
    form: LinkForm,
    *,
    config: Mapping[str, Any],
    tried: bool = False,
) -> HttpResponse:
    """The form, beside what ``config`` makes of what has come in."""
    context = mapping(link, form, config, reader=request.user, tried=tried)
    context |= {"integration": link.integration, "team": link.team}
    status = 422 if form.errors else 200
    return render(request, "integrations/edit_link.html", context, status=status)


def form_of(request: Request, link: IntegrationLink, data: Any) -> LinkForm:
    """Only who may act through the account of the link may pick with it."""
    if link.is_by_hand or not _may_pick(request, link):
        return silent_form(request, link, data)
    account, query = link.integration_user, request.POST.get("q", "")
    initial = brought(request.POST, link.integration) or link.config
    more = {"data": data, "initial": initial}
    return link_form(link.integration, account, query=query, teams=[link.team], **more)


def silent_form(request: Request, link: IntegrationLink, data: Any) -> LinkForm:
    """The same, for whom nobody asks the partner what there is to pick."""
    form = link_form(link.integration, None, teams=[link.team], data=data, initial=link.config)
    if not _may_pick(request, link):
        fix_picks(form)
    if link.is_by_hand:
        form.without_account()
    return form


def _may_pick(request: Request, link: IntegrationLink) -> bool:
    account = link.integration_user
    return account is None or account in accounts_of(request, link.integration)


def _changed(link: IntegrationLink, form: LinkForm) -> bool:
    try:
        change_link(link, form.cleaned_data)
    except Failed as problem:
        form.add_error(None, f"{problem} Nothing was changed.")
    return not form.errors


@login_required
@require_POST
def pause_link(request: Request, hash_id: str) -> HttpResponse:
    found = managed_link(request, hash_id)
    found.pause()
    toast(request, f"{found.short_name} is paused. Nothing becomes an entry, nothing is sent.")
    return redirect(found)


@login_required
@require_POST
def resume_link(request: Request, hash_id: str) -> HttpResponse:
    """After a pause, or when somebody has put right what was wrong at the partner: what was held
    goes out, and what came during the pause is logged, where somebody wants that."""
    found = managed_link(request, hash_id)
    released = found.resume()
    held = f" {numbered(released, 'held entry goes', 'held entries go')} out."
    toast(request, f"{found.short_name} runs again.{held * bool(released)}")
    if "replay" not in request.POST:
        return redirect(found)
    of_the_pause = Selection(link=found.hash_id, outcomes=(Reason.LINK_PAUSED.value,))
    return redirect(Replay.begin(of_the_pause, user=request.user))


@login_required
@require_POST
def take_link(request: Request, hash_id: str) -> HttpResponse:
    """Of a link that nobody looks after any more: what names nobody is theirs from now on, and what
    waited for that, too."""
    found = managed_link(request, hash_id)
    if found.lacks_account and not found.integration_user:
        found.take(request.user)
        count = Receipt.objects.of_link(found).filter(outcome=Reason.NOT_IN_TEAM).replay()
        INBOX.wake_on_commit()
        waited = f" {numbered(count, 'event is', 'events are')} processed again."
        toast(request, f"You look after {found.short_name} now.{waited * bool(count)}")
    return redirect(found)


@login_required
@require_POST
def show_secret(request: Request, hash_id: str) -> HttpResponse:
    """In the answer itself: kept for a page that follows, it would lie in the session."""
    found = managed_link(request, hash_id)
    brought = found.brought
    found.record("secret.shown")
    return link_page(request, found, brought=brought)


@login_required
@require_POST
def take_secret(request: Request, hash_id: str) -> HttpResponse:
    """The one with which the partner signs, where it makes that itself."""
    found = managed_link(request, hash_id)
    given = TheirSecretForm(found.integration, request.POST)
    if not given.is_valid():
        toast(request, f"{given.problem} Nothing was changed.")
        return redirect(found)
    found.take_secret(given.cleaned_data["secret"])
    found.record("secret.taken")
    toast(request, f"What {found.integration.name} signs with this secret is taken from now on.")
    return redirect(found)


@login_required
@require_POST
def rotate_secret(request: Request, hash_id: str) -> HttpResponse:
    """A webhook that we made gets it from us; to any other sender a person brings it."""
    found = managed_link(request, hash_id)
    # Before the partner is asked: whoever dies in between may have rotated it.
    found.record("secret.rotated")
    try:
        ask(found.integration, found.signer.rotate_secret)
    except Failed as problem:
        toast(request, f"{problem} {_what_holds(found)}")
    else:
        toast(request, "There is a new secret. The one before is taken for 24 more hours.")
    return redirect(found)


def _what_holds(link: IntegrationLink) -> str:
    if link.signer.is_unconfirmed:
        return "Both secrets are taken until the new one has arrived there. Try again."
    return "Nothing was changed."


@login_required
@require_POST
def end_overlap(request: Request, hash_id: str) -> HttpResponse:
    """For a secret that somebody else may have."""
    found = managed_link(request, hash_id)
    ended = found.signer.end_overlap()
    if ended:
        found.record("secret.overlap_ended")
    refused = "The secret before is refused from now on."
    toast(request, refused if ended else _what_holds(found))
    return redirect(found)
