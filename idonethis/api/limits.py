"""How often programs may ask."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from idonethis.accounts.limits import WAIT, pace


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
