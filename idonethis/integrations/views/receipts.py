"""One hook as it came, and what became of it: for who manages its link."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.requests import Request
from idonethis.integrations import registry, showing
from idonethis.integrations.base import Receives
from idonethis.integrations.keeping.window import said
from idonethis.integrations.masking import MASK
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.secrecy import is_secret
from idonethis.integrations.sight import Sight
from idonethis.integrations.values import Hook, Response
from idonethis.integrations.views.common import may_leave, opened_link
from idonethis.integrations.why.findings import of_line
from idonethis.integrations.why.looking import came


@login_required
@require_safe
@vary_on_headers("HX-Request")
def receipt(request: Request, receipt_id: int) -> HttpResponse:
    try:
        found, link = _opened(request, receipt_id)
    except Http404:
        return _missing(request)
    sight = Sight.of(request.user, team=link.team)
    (line,) = came([found], sight)
    is_through = found.state == "done" and not link.is_gone
    context: dict[str, object] = {
        "line": line,
        "link": link,
        "team": link.team,
        "finding": of_line(line, sight),
        "can_replay": is_through,
        "is_secret": is_secret(found, link, reader=request.user),
    }
    if request.htmx:
        return render(request, "integrations/receipt.html#fate", context)
    if not found.has_request:
        context["kept"] = said()
    elif not context["is_secret"]:
        context |= _request(found.hook, link)
    response = render(request, "integrations/receipt.html", context)
    response["Cache-Control"] = "no-store"
    return may_leave(response, link.integration)


def _missing(request: Request) -> HttpResponse:
    """Said alike of what has gone, of what is not theirs and of what never was."""
    if not (kept := said()):
        raise Http404("There is no such receipt.")
    return render(request, "integrations/receipt_missing.html", {"kept": kept}, status=404)


def _opened(request: Request, receipt_id: int) -> tuple[Receipt, IntegrationLink]:
    """A hook that was for nobody here is nobody's to read."""
    found = get_object_or_404(Receipt, pk=receipt_id)
    return found, opened_link(request, found.its_link)


def _request(hook: Hook, link: IntegrationLink) -> dict[str, object]:
    return {
        "headers": showing.headers(hook),
        "body": showing.readable(hook),
        "more": showing.more(hook),
        "curl": showing.as_curl(hook, _address(link)),
        "answer": _answer(hook, link),
    }


def _address(link: IntegrationLink) -> str:
    """Without what nobody may guess."""
    shared = settings.BASE_URL + reverse("hook", args=[link.integration_type])
    return f"{shared}/{MASK}" if registry.takes_own_hooks(link.integration) else shared


def _answer(hook: Hook, link: IntegrationLink) -> Response | None:
    integration = link.integration
    return integration.accepted(hook) if isinstance(integration, Receives) else None
