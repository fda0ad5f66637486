"""What programs show to be let in, whoever they ask."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from idonethis.accounts.models import ApiToken, User
from idonethis.accounts.tokens import Scope

#: The word of old clients, and that of https://www.rfc-editor.org/rfc/rfc6750.
WORDS = ("token", "bearer")
HEADER = "Authorization"


class Closed(Exception):
    """The token may not do this. The message is fit for people."""

    def __init__(self, scopes: Iterable[Scope]) -> None:
        wanted = " or ".join(scopes)
        named = f"one with the scope {wanted}" if wanted else "no token at all"
        super().__init__(f"This token may not do this; it takes {named}. Nothing was done.")


def let_in(request: HttpRequest, scopes: Iterable[Scope]) -> User | None:
    """Whose token it is, or nobody. From here on it is this person who acts, and by which token.
    Raises Closed where it has none of these scopes."""
    found = ApiToken.objects.shown_as(shown_in(request))
    if found is None:
        return None
    if not any(map(found.may, scopes)):
        raise Closed(scopes)
    ApiToken.objects.filter(pk=found.pk).used()
    request.user, request.token = found.user, found  # type: ignore[attr-defined]
    timezone.activate(found.user.time_zone)
    return found.user


def shown_in(request: HttpRequest) -> str:
    word, _, shown = request.headers.get(HEADER, "").partition(" ")
    return shown.strip() if word.lower() in WORDS else ""
