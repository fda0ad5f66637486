"""How often programs may ask. What is left stands in the headers of every answer:
https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja.throttling import BaseThrottle

from idonethis.accounts.limits import WAIT, Pace, pace


class Patience(BaseThrottle):
    """``action`` is one of those whose rates stand in ``ACCOUNT_RATE_LIMITS``."""

    def __init__(self, action: str = "api") -> None:
        super().__init__()
        self.action = action

    def allow_request(self, request: HttpRequest) -> bool:
        found = pace(request, request.auth, self.action)  # type: ignore[attr-defined]
        request.pace = found  # type: ignore[attr-defined]
        return found is None or found.allowed

    def wait(self) -> float:
        return WAIT


#: For questions for which a lot is looked through.
SELDOM = Patience("ask")


def tell_pace(request: HttpRequest, response: HttpResponse) -> None:
    found: Pace | None = getattr(request, "pace", None)
    if found:
        response["RateLimit-Policy"] = f'"calls";q={found.most};w={found.within}'
        response["RateLimit"] = f'"calls";r={found.left};t={found.waits}'
    if found and not found.allowed:
        response["Retry-After"] = str(found.waits)
