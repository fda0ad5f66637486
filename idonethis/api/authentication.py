"""Who asks. Each way says who it is, or nobody; the first that knows somebody decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import APIKeyCookie
from ninja.security.http import HttpAuthBase

from idonethis.accounts.models import ApiToken, User
from idonethis.accounts.tokens import Scope

#: The word of old clients, and that of https://www.rfc-editor.org/rfc/rfc6750.
WORDS = ("token", "bearer")
HEADER = "Authorization"


class Token(HttpAuthBase):
    """A token of a person, for calls that take one with any of these ``scopes``."""

    openapi_scheme = "bearer"

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> User | None:
        found = ApiToken.objects.shown_as(shown_in(request))
        if found is None:
            return None
        if not any(map(found.may, self.scopes)):
            raise HttpError(403, self._missing)
        ApiToken.objects.filter(pk=found.pk).used()
        # From here on it is this person who acts, and by which token.
        request.user, request.token = found.user, found  # type: ignore[attr-defined]
        timezone.activate(found.user.time_zone)
        return found.user

    @property
    def _missing(self) -> str:
        wanted = " or ".join(self.scopes)
        named = f"one with the scope {wanted}" if wanted else "no token at all"
        return f"This token may not do this; it takes {named}. Nothing was done."


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


def shown_in(request: HttpRequest) -> str:
    word, _, shown = request.headers.get(HEADER, "").partition(" ")
    return shown.strip() if word.lower() in WORDS else ""
