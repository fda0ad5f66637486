"""Asks partners that tell nothing by themselves, and stores what they say like what others send."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from idonethis.background import INBOX, Lane
from idonethis.integrations.asking import ask
from idonethis.integrations.base import Converses, Hook, Polls
from idonethis.integrations.http import Again, Never
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import MOST_ROWS, store
from idonethis.integrations.models import Bucket, IntegrationLink, directory_for
from idonethis.integrations.models.link_states import ANSWERED, By
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.reads import SOONEST
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
    """Stored first, then answered, and only then remembered: whoever dies in between is told the
    same again."""
    every = max(integration.every, SOONEST)
    try:
        polled = _asked(link, integration)
        _store(link, integration, polled)
        _answer(link, integration, polled)
    except Again as problem:
        Bucket.objects.close(link, problem.after)
        link.not_polled(every=every, after=problem.after)
    except Never as problem:
        link.troubled_by(problem)
        link.not_polled(every=every, after=None)
    else:
        link.polled(dict(polled.cursor), every=every)
        _go_on(link)


def _asked(link: IntegrationLink, integration: Polls) -> Polled:
    return ask(integration, lambda: integration.poll(link.client(), link, link.poll_cursor))


def _answer(link: IntegrationLink, integration: Polls, polled: Polled) -> None:
    if isinstance(integration, Converses) and polled.hooks:
        client = link.client()
        for hook in polled.hooks:
            directory = directory_for(integration, hook, link.pk)
            answer = partial(integration.answer, hook, directory, link, client)
            _say(integration, answer)


def _say(integration: Polls, answer: Callable[[], None]) -> None:
    """It is logged whether or not somebody can be told so."""
    try:
        answer()
    except Again:
        raise
    except Exception as problem:
        log.warning("%s took no answer: %s", integration.name, problem)


def _go_on(link: IntegrationLink) -> None:
    """Where it posts, too, that it is told something does not say that it may."""
    if link.state in ANSWERED and not link.posts and not link.lacks_webhook:
        link.go_on(by=By.PARTNER)


def _store(link: IntegrationLink, integration: Polls, polled: Polled) -> None:
    rows = [_row(link, integration, hook) for hook in polled.hooks]
    for begin in range(0, len(rows), MOST_ROWS):
        store(rows[begin : begin + MOST_ROWS])
    if rows:
        INBOX.wake()


def _row(link: IntegrationLink, integration: Polls, hook: Hook) -> Row:
    key, event = integration.stored_key(hook), integration.event(hook)[:80]
    return Row(link.integration_type, link.pk, key, event, hook, dict(hook.headers))
