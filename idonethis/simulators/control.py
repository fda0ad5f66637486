"""The control API: what a person or a test makes the partner do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from .params import BadParam, Params
from .store import Record

Action = Callable[[Params, str], Awaitable[Record]]
Reading = Callable[[Record], Record]


class Control:
    """POST /_control/<action> with JSON, answered with JSON; the page's forms go back to the page.

    An action gets its parameters and the address under which it was called. A reading gets the
    query and changes nothing.
    """

    def __init__(self, actions: Mapping[str, Action], readings: Mapping[str, Reading]) -> None:
        self._actions = actions
        self._readings = readings

    def routes(self) -> list[Route]:
        return [
            Route("/_control", self.catalogue, methods=["GET"]),
            Route("/_control/{name:path}", self.read, methods=["GET"]),
            Route("/_control/{name:path}", self.run, methods=["POST"]),
        ]

    async def catalogue(self, _: Request) -> Response:
        return JSONResponse({name: summary(act) for name, act in sorted(self._actions.items())})

    async def read(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._readings:
            return JSONResponse({"error": f"nothing to read here: {name}"}, 404)
        return JSONResponse(self._readings[name](dict(request.query_params)))

    async def run(self, request: Request) -> Response:
        name = request.path_params["name"]
        # A page on another site must not push the buttons of this one.
        if request.headers.get("sec-fetch-site") == "cross-site":
            return JSONResponse({"error": "called from another site; nothing was done"}, 403)
        if name not in self._actions:
            return JSONResponse({"error": f"no such action: {name}"}, 404)
        try:
            done = await self._actions[name](await Params.of(request), origin(request))
        except BadParam as problem:
            return answer(request, {"error": str(problem)}, status=400)
        return answer(request, done, status=200)


def answer(request: Request, body: Record, *, status: int) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(body, status)
    said = body.get("error") or body.get("said") or ""
    query = f"?{urlencode({'said': said})}" if said else ""
    return RedirectResponse(f"/{query}", 303)


def origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def summary(action: Action) -> str:
    return (action.__doc__ or "").strip().partition("\n")[0]
