"""Small human pages, so that a person can play the partner."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from django.template import Context, Engine
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from .store import Record

HERE = Path(str(resources.files(__package__)))
ENGINE = Engine(dirs=[str(HERE / "templates"), str(HERE)], autoescape=True)

# The pages hold no script at all, and hooks may carry any text.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"


def page(template: str, context: Record, *, status: int = 200) -> HTMLResponse:
    """The page from one of the templates; every value in the context is escaped."""
    html = ENGINE.get_template(template).render(Context(context, use_l10n=False, use_tz=False))
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})


def furniture() -> list[BaseRoute]:
    """What every page needs beside itself."""
    return [
        Route("/favicon.ico", no_icon, methods=["GET"]),
        Mount("/_static", StaticFiles(directory=HERE / "static")),
    ]


async def no_icon(_: Request) -> Response:
    return Response(status_code=204)
