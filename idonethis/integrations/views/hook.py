from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from idonethis.background import INBOX
from idonethis.integrations import registry
from idonethis.integrations.base import Receives, Replies
from idonethis.integrations.ingest.intake import (
    Handshake,
    Nudge,
    answer_to_a_try,
    count,
    settle,
    surely,
)
from idonethis.integrations.ingest.routes import Routes
from idonethis.integrations.ingest.tally import REFUSED
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import directory_for
from idonethis.integrations.values import Hook, Response


@csrf_exempt
def hook(request: HttpRequest, integration_type: str, token: str = "") -> HttpResponse:
    """The same as the ingest, one request at a time: for tests, and for servers without ASGI."""
    integration = registry.get(integration_type)
    if not isinstance(integration, Receives):
        return HttpResponse(status=404)
    headers = {name.lower(): value for name, value in request.headers.items()}
    taken = Hook(
        request.body,
        headers,
        request.method or "",
        request.META["QUERY_STRING"],
        timezone.now(),
        settings.BASE_URL + request.get_full_path(),
    )
    return _django(_answer(integration, taken, token))


def _answer(integration: Receives, hook: Hook, token: str) -> Response:
    if hook.method != "POST":
        return answer_to_a_try(integration, hook)
    found = surely(integration, hook, Routes().find(integration, token))
    if isinstance(found, Handshake | Nudge):
        found = settle(integration, hook, found)
    if isinstance(found, Response):
        REFUSED.write()
        return found
    store(found)
    INBOX.wake()
    count(integration, "stored")
    if isinstance(integration, Replies):
        return integration.reply(hook, directory_for(integration, hook, found[0].link_id))
    return integration.accepted(hook)


def _django(response: Response) -> HttpResponse:
    return HttpResponse(
        response.body,
        status=response.status,
        content_type=response.content_type,
        headers=dict(response.headers),
    )
