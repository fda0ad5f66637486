from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from idonethis.audit.acting import acting


class WhoActs:
    """Whoever sent the request is who did what the request does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def who() -> str:
            return str(getattr(request.user, "hash_id", ""))

        with acting(who, address=request.META.get("REMOTE_ADDR", "")):
            return self.get_response(request)
