"""Who asks. Each way says who it is, or nobody; the first that knows somebody decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja.security import APIKeyCookie

from idonethis.accounts.models import User


class Session(APIKeyCookie):
    """The browser in which somebody is signed in. What changes something needs a token of a page of
    ours, too."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        return request.user if request.user.is_authenticated else None


WAYS: list[Callable[..., Any]] = [Session()]
