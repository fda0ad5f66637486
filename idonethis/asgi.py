"""The web side of the one process: hooks are taken by the ingest, who watches over the server is
answered by the probes, and the rest is Django's."""

from __future__ import annotations

from django.core.handlers.asgi import ASGIHandler

from idonethis.bounded import Bounded
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.probes import Probes
from idonethis.rim import Rim


def application(writer: GroupCommit) -> Ingest:
    """The whole web application. ``writer`` must have been started."""
    return Ingest(Rim(Probes(Bounded(ASGIHandler()))), writer)
