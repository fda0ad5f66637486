"""Asks partners that tell nothing by themselves, and stores what they say like what others send."""

from __future__ import annotations

import logging

from idonethis.background import INBOX, Lane
from idonethis.integrations.asking import ask
from idonethis.integrations.base import Hook, Polls
from idonethis.integrations.http import Again, Never
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import MOST_ROWS, store
from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.models.link_states import ANSWERED, By
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.values import Polled

log = logging.getLogger(__name__)

POLLS = Lane("polls", every=5.0, patience=600.0)
#: How many are asked in one turn.
FEW = 5


def drain() -> int:
    """Asks those whose time has come; returns how many."""
    if OutgoingHold.standing():
        return 0
    links = IntegrationLink.objects.asking().take_for_poll(FEW)
    for link in links:
        if isinstance(link.integration, Polls):
            _poll(link, link.integration)
    return len(links)


def _poll(link: IntegrationLink, integration: Polls) -> None:
    """Stored first, and only then remembered: whoever dies in between is told the same again."""
    try:
        polled = _asked(link, integration)
    except Again as problem:
        link.not_polled(every=integration.every, after=problem.after)
    except Never as problem:
        link.troubled_by(problem)
        link.not_polled(every=integration.every, after=None)
    else:
        _store(link, integration, polled)
        link.polled(dict(polled.cursor), every=integration.every)
        if link.state in ANSWERED and not link.lacks_webhook:
            link.go_on(by=By.PARTNER)


def _asked(link: IntegrationLink, integration: Polls) -> Polled:
    return ask(integration, lambda: integration.poll(link.client(), link, link.poll_cursor))


def _store(link: IntegrationLink, integration: Polls, polled: Polled) -> None:
    rows = [_row(link, integration, hook) for hook in polled.hooks]
    for begin in range(0, len(rows), MOST_ROWS):
        store(rows[begin : begin + MOST_ROWS])
    if rows:
        INBOX.wake()


def _row(link: IntegrationLink, integration: Polls, hook: Hook) -> Row:
    key, event = integration.stored_key(hook), integration.event(hook)[:80]
    return Row(link.integration_type, link.pk, key, event, hook, dict(hook.headers))
