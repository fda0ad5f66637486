from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import Router
from ninja.constants import NOT_SET
from ninja.throttling import BaseThrottle

from idonethis.api.authentication import Ways
from idonethis.api.errors import REFUSED

View = Callable[..., Any]


def look(
    router: Router,
    path: str,
    auth: Ways,
    *,
    gives: Any,
    summary: str,
    throttle: BaseThrottle | Any = NOT_SET,
) -> Callable[[View], View]:
    """A call that changes nothing. HEAD is answered alike."""

    def routed(view: View) -> View:
        said: dict[str, Any] = {"auth": auth, "response": {200: gives} | REFUSED}
        said["throttle"] = throttle
        router.api_operation(["HEAD"], path, include_in_schema=False, **said)(view)
        router.get(path, summary=summary, **said)(view)
        return view

    return routed
