"""A server of the kind that I Done This was, with the public API v2 as its clients call it: an
``Authorization: Token``, 401 with ``{"error": "Invalid API Authentication"}``, teams and entries as
plain lists. It counts pages, and says nowhere how many there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

REFUSED = {"error": "Invalid API Authentication"}
TEAM = {
    "name": "Analytical Engines",
    "hash_id": "f0e1d2c3b4a5",
    "created_at": "2015-01-05T09:00:00.000Z",
    "updated_at": "2015-01-05T09:00:00.000Z",
}
ADA = {"email_address": "ada@example.org", "full_name": "Ada Lovelace", "hash_id": "0a0a0a0a0a0a"}
CHARLES = {
    "email_address": "charles@example.org",
    "full_name": "Charles Babbage",
    "hash_id": "0c0c0c0c0c0c",
}


def entry(number: int, user: dict[str, str] = ADA, **more: Any) -> dict[str, Any]:
    return {
        "hash_id": f"{number:012x}",
        "body": f"Turned the crank {number}",
        "body_formatted": f"<p>Turned the crank {number}</p>",
        "status": "done",
        "occurred_on": "2015-03-02",
        "completed_on": None,
        "archived_at": None,
        "created_at": f"2015-03-02T17:{number // 60 % 60:02}:{number % 60:02}.000Z",
        "updated_at": f"2015-03-02T17:{number // 60 % 60:02}:{number % 60:02}.000Z",
        "team": {"name": TEAM["name"], "hash_id": TEAM["hash_id"]},
        "user": user,
        **more,
    }


@dataclass
class OtherLog:
    """``page`` entries at a time, whatever is asked for; ``fails`` answers of the list are 503."""

    entries: list[dict[str, Any]] = field(default_factory=lambda: [entry(n) for n in range(70)])
    teams: list[dict[str, str]] = field(default_factory=lambda: [TEAM])
    page: int = 20
    pages: bool = True
    fails: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        listed = (("/api/v2/teams", self._teams), ("/api/v2/entries", self._entries))
        return Starlette(routes=[Route(path, answer) for path, answer in listed])

    async def _teams(self, request: Request) -> Response:
        return JSONResponse(self.teams) if _is_known(request) else _refusal()

    async def _entries(self, request: Request) -> Response:
        self.asked.append(str(request.url.query))
        if not _is_known(request):
            return _refusal()
        if len(self.asked) in self.fails:
            return JSONResponse({"error": "Try again"}, status_code=503)
        if request.query_params.get("team_id") != TEAM["hash_id"]:
            return JSONResponse({"error": "Not found"}, status_code=404)
        number = int(request.query_params.get("page", 1)) if self.pages else 1
        return JSONResponse(self.entries[(number - 1) * self.page :][: self.page])


def _is_known(request: Request) -> bool:
    return request.headers.get("authorization") == "Token let-me-in"


def _refusal() -> Response:
    return JSONResponse(REFUSED, status_code=401)
