from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from idonethis.accounts.models import User


class Request(HttpRequest):
    """A request of somebody who is signed in, as the middleware hands it to a view."""

    user: User
    htmx: HtmxDetails


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form that is to be filled; nothing where a page is only looked at."""
    return request.POST if request.method == "POST" else None
