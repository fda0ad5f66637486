"""What each process answers. Hooks are taken by the ingest, who watches over the server is answered
by the probes, and the rest is Django's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from django.core.handlers.asgi import ASGIHandler

from idonethis.bounded import Bounded
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.probes import Probes
from idonethis.rim import Rim

App = Callable[[Any, Any, Any], Awaitable[None]]

ELSEWHERE = b"Nothing but hooks and probes is answered here. Pages are at the address of the site."


def application(writer: GroupCommit) -> Ingest:
    """The whole web application. ``writer`` must have been started."""
    return Ingest(pages(), writer)


def pages() -> App:
    return Rim(Probes(Bounded(ASGIHandler())))


def hooks(writer: GroupCommit) -> Ingest:
    """And nothing else."""
    return Ingest(probes(), writer)


def probes() -> App:
    """For a process that has nothing to show but how it is."""
    return Rim(Probes(_elsewhere))


async def _elsewhere(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": ELSEWHERE})
