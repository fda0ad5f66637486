"""Programs ask as often as people, and no more."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from idonethis.accounts.limits import WAIT, asks


class Patience(BaseThrottle):
    def allow_request(self, request: HttpRequest) -> bool:
        return asks(request, request.auth)  # type: ignore[attr-defined]

    def wait(self) -> float:
        return WAIT
