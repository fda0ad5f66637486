from __future__ import annotations

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from idonethis.accounts.requests import Request
from idonethis.integrations.mails.addresses import MailAddress
from idonethis.integrations.models import IntegrationLink
from idonethis.mailing.forms import MailForm
from idonethis.mailing.look import STYLE_HASH
from idonethis.mailing.models import Kind, Letter, MailChoice, writing
from idonethis.mailing.models.writing import Writing, stopped_by
from idonethis.teams.access import my_membership
from idonethis.teams.models import Membership
from idonethis.ui.toasts import toast


@login_required
@require_safe
def my_mails(request: Request) -> HttpResponse:
    return render(request, "mailing/my_mails.html")


@login_required
@require_safe
def mails(request: Request, slug: str) -> HttpResponse:
    return _page(request, my_membership(request, slug))


def _page(request: Request, membership: Membership, **refused: MailForm) -> HttpResponse:
    choices = MailChoice.objects.of(membership)
    forms = [(each, refused.get(each.kind) or MailForm.of(each)) for each in choices.values()]
    waiting = Letter.objects.filter(choice__membership=membership, state="due")
    trouble = waiting.exclude(trouble="").values_list("trouble", flat=True).first()
    context = {"team": membership.team, "forms": forms, "trouble": trouble}
    context |= {"sends": bool(settings.EMAIL_HOST), **_addresses(membership)}
    return render(request, "mailing/mails.html", context, status=422 if refused else 200)


def _addresses(membership: Membership) -> dict[str, str]:
    """To write to: one of this person's own, as good as a password and so shown to them alone; and
    that of the team, to which the mail itself must prove whom it is from."""
    link = IntegrationLink.objects.taking_mail(membership.team)
    if link is None or not membership.writes:
        return {}
    mine = MailAddress.of_person(link.hash_id, membership.user.email)
    return {"write_to": str(mine), "team_address": str(MailAddress.of_link(link.hash_id))}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: Request, slug: str, kind: str) -> HttpResponse:
    """One kind of mail: GET shows it, POST says when it is wanted."""
    membership = my_membership(request, slug)
    choice = _choice(membership, kind)
    if request.method == "POST":
        return _decide(request, membership, choice)
    context = {"team": membership.team, "choice": choice, "writing": _today(choice)}
    return render(request, "mailing/mail.html", context)


def _choice(membership: Membership, kind: str) -> MailChoice:
    if kind not in Kind.values:
        raise Http404("There are no such mails.")
    return MailChoice.objects.of(membership)[Kind(kind)]


def _today(choice: MailChoice) -> Writing:
    return writing(choice, choice.day_of(timezone.now()))


def _decide(request: Request, membership: Membership, choice: MailChoice) -> HttpResponse:
    form = MailForm.of(choice, request.POST)
    if not form.is_valid():
        return _page(request, membership, **{choice.kind: form})
    choice.decide(**form.cleaned_data)
    toast(request, f"{choice.get_kind_display()}: saved.")
    return redirect("mails", membership.team.slug)


@login_required
@require_safe
@csp_update({"style-src": STYLE_HASH})  # type: ignore[arg-type]
def mail_html(request: Request, slug: str, kind: str) -> HttpResponse:
    """The mail itself, as a mail program would show it."""
    return HttpResponse(_today(_choice(my_membership(request, slug), kind)).html)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """POST ends them, for mail programs as for people: https://www.rfc-editor.org/rfc/rfc8058.
    The link itself is the proof, so nobody is asked to sign in."""
    try:
        choice = stopped_by(token)
    except BadSignature:
        raise Http404("This link ends no mails. Perhaps it was cut off.") from None
    if choice and request.method == "POST":
        choice.stop()
    over = choice is None or not choice.is_on
    return render(request, "mailing/stop.html", {"choice": choice, "over": over})
