from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from idonethis.accounts.models import User


class Request(HttpRequest):
    """A request of somebody who is signed in, as the middleware hands it to a view."""

    user: User
    htmx: HtmxDetails
