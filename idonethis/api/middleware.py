from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from idonethis.api.authentication import HEADER


class ByToken:
    """No page of another site makes a browser send this header: what comes with it needs no token
    of a page of ours, and ``Session`` does not look at its cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") and HEADER in request.headers:
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)
