"""Hooks as they lie in the inbox, stored as the ingest stores them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from django.utils import timezone

from bench.body import merged
from idonethis.integrations.ingest import writer
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.values import Hook

HEADERS = {
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/044aadd",
    "x-github-event": "pull_request",
    "x-hub-signature-256": f"sha256={'0' * 64}",
}
NUMBERS = count()


def rows(many: int) -> Iterator[Row]:
    """Each of a pull request that nobody has told of yet."""
    link = IntegrationLink.objects.get()
    for number in (next(NUMBERS) for _ in range(many)):
        headers = HEADERS | {"x-github-delivery": f"stored-{number}"}
        hook = Hook(body=merged(number), headers=headers, received_at=timezone.now())
        yield Row("github", link.pk, f"stored-{number}", "pull_request", hook, headers)


def store(many: int) -> None:
    fresh = list(rows(many))
    for begin in range(0, many, writer.MOST_ROWS):
        writer.store(fresh[begin : begin + writer.MOST_ROWS])
