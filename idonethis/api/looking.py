from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import Router

from idonethis.accounts.tokens import Scope
from idonethis.api.authentication import ways
from idonethis.api.errors import REFUSED

View = Callable[..., Any]


def look(
    router: Router, path: str, *scopes: Scope, gives: Any, summary: str
) -> Callable[[View], View]:
    """A call that changes nothing, for tokens with any of these scopes. HEAD is answered alike."""

    def routed(view: View) -> View:
        said: dict[str, Any] = {"auth": ways(*scopes), "response": {200: gives} | REFUSED}
        router.api_operation(["HEAD"], path, include_in_schema=False, **said)(view)
        router.get(path, summary=summary, **said)(view)
        return view

    return routed
