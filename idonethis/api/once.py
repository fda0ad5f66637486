from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError

from idonethis.accounts.answered import AskedOtherwise
from idonethis.accounts.models import Answered

HEADER = "Idempotency-Key"
LONGEST = 200
#: For the description of calls that take it.
DESCRIBED = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The same key and the same request once more: the same answer, for a day.",
    "schema": {"type": "string", "maxLength": LONGEST},
}


def once(request: HttpRequest, asked: str, act: Callable[[], Any]) -> Any:
    """What ``act`` returns; with a key in the header, not more than once. Raises HttpError."""
    key = _key(request)
    if not key:
        return act()
    token = getattr(request, "token", None)
    own = (request.auth, token.hash_id if token else "", key)  # type: ignore[attr-defined]
    try:
        return Answered.objects.once(own, f"{request.method} {request.path} {asked}", act)
    except AskedOtherwise as problem:
        raise HttpError(422, str(problem)) from problem


def _key(request: HttpRequest) -> str:
    """With the quotes of https://www.rfc-editor.org/rfc/rfc8941#section-3.3.3, or without."""
    key = request.headers.get(HEADER, "").strip()
    key = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if len(key) > LONGEST or not (key.isascii() and (not key or key.isprintable())):
        raise HttpError(400, f"{HEADER} takes up to {LONGEST} plain characters. Nothing was done.")
    return key
