"""Why what is to go out by a link waits, where its partner takes no more just now."""

from __future__ import annotations

from math import ceil

from idonethis.integrations.models.bucket import waits
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.reasons import PACED


def queue(link: IntegrationLink) -> str:
    """In a sentence; empty, where nothing waits for that."""
    pace, left = waits(link)
    waiting = link.deliveries.filter(state="due").count() if pace else 0
    if not waiting:
        return ""
    wait = "waits" if waiting == 1 else "wait"
    told = {"partner": link.integration.name, "pace": pace, "waiting": f"{waiting} {wait}"}
    return PACED.format(**told, soon=_told(left))


def _told(seconds: float) -> str:
    return f"{ceil(seconds)} s" if seconds < 90 else f"{ceil(seconds / 60)} min"
