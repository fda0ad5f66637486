"""What pretend partners have in common whose calls and refusals are data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from .base import Simulator
from .faults import Fault

#: The status and the body, JSON or plain text, in which a partner says "429", "500" and so on.
Refusals = Mapping[str, tuple[int, Any]]


class Described(Simulator):
    @property
    def refusals(self) -> Refusals:
        raise NotImplementedError

    def refusal(self, kind: str) -> Response:
        """In the partner's own words, where it has any for it."""
        return worded(self.refusals, kind)

    def refusal_at(self, path: str, kind: str) -> Response:
        """Where it speaks otherwise in some places than in others."""
        return self.refusal(kind)

    def speak(self, fault: Fault, path: str) -> Response:
        answer = self.refusal_at(path, fault.kind)
        if fault.kind == "429":
            answer.headers["Retry-After"] = str(fault.retry_after)
        return answer


def worded(refusals: Refusals, kind: str) -> Response:
    status, body = refusals.get(kind, (500, {}))
    is_plain = isinstance(body, str)
    return PlainTextResponse(body, status) if is_plain else JSONResponse(body, status)


async def body_of(request: Request) -> Mapping[str, Any]:
    """Whether JSON or a form; nothing, where it is neither."""
    if "form" in request.headers.get("content-type", ""):
        return dict(await request.form())
    try:
        said = json.loads(await request.body() or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
