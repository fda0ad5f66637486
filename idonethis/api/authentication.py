"""Who asks. Each way says who it is, or nobody; the first that knows somebody decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie
from ninja.security.http import HttpAuthBase

from idonethis.accounts.models import User
from idonethis.accounts.tokens import Scope
from idonethis.api.shown import HEADER, Closed, let_in


class Token(HttpAuthBase):
    """A token of a person, for calls that take one with any of these ``scopes``."""

    openapi_scheme = "bearer"

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> User | None:
        try:
            return let_in(request, self.scopes)
        except Closed as closed:
            raise HttpError(403, str(closed)) from closed


class Session(APIKeyCookie):
    """The browser in which somebody is signed in. What changes something needs a token of a page of
    ours, too. Who shows anything else is judged by that alone, see ``ByToken``."""

    def __call__(self, request: HttpRequest) -> User | None:
        is_here = request.user.is_authenticated and HEADER not in request.headers
        return request.user if is_here else None  # type: ignore[return-value]

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        raise NotImplementedError


#: How somebody may get in; the first that knows somebody decides.
Ways = Sequence[Callable[..., Any]]


def ways(*scopes: Scope) -> Ways:
    """How to get in where tokens with any of these scopes are taken; without one, by none."""
    return [Token(*scopes), Session()]
