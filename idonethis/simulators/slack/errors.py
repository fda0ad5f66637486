"""How the Web API says no: https://docs.slack.dev/apis/web-api"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from ..store import Record


class SlackError(Exception):
    """A call that is answered 200 with ok false; `more` are further fields of the answer."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def response(self) -> Response:
        return JSONResponse({"ok": False, "error": self.error, **self.more})


def missing_scope(needed: str, provided: list[str]) -> SlackError:
    return SlackError("missing_scope", needed=needed, provided=",".join(provided))


class TooFast(SlackError):
    """A channel takes no more messages before a second has passed."""

    def __init__(self) -> None:
        super().__init__("ratelimited")

    def response(self) -> Response:
        return rate_limited(1)


def rate_limited(seconds: int) -> Response:
    """Source: https://docs.slack.dev/apis/web-api/rate-limits"""
    body: Record = {"ok": False, "error": "ratelimited"}
    return JSONResponse(body, 429, {"Retry-After": str(seconds)})
