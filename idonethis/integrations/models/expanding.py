"""Receipts that say little are asked about before they are read: each partner in a lane of its own,
so that a slow one keeps nobody else waiting, and by each link one at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import OperationalError

from idonethis.background import INBOX, Lane
from idonethis.integrations import registry
from idonethis.integrations.base import Expands
from idonethis.integrations.http import Again, Gone, NeedsReconnect, Never, Vanished
from idonethis.integrations.models.bare import BareLine
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.line import MOST_TRIES
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.models.reading import stopped_by
from idonethis.integrations.models.receipt import MOST_ATTEMPTS, Receipt
from idonethis.integrations.models.telling import Outcome
from idonethis.integrations.values import Reason, Unreadable

log = logging.getLogger(__name__)

#: Longer than the calls for one receipt may take.
LEASE = timedelta(minutes=5)


class Expansion:
    """What one partner is asked, a receipt at a time, going round the links."""

    def __init__(self, integration: Expands) -> None:
        kind = integration.integration_type
        self.lane = Lane(f"{kind} expansion", every=5.0, patience=600.0)
        self._integration = integration
        self._line = BareLine(kind)

    def drain(self) -> int:
        """Asks about the next receipt; returns how many there were."""
        if OutgoingHold.standing():
            return 0
        receipts = self._line.claim(lease=LEASE)
        for receipt in receipts:
            self._ask_about(receipt)
        return len(receipts)

    def _ask_about(self, receipt: Receipt) -> None:
        links = IntegrationLink.objects.select_related("team", "user", "integration_user")
        link = links.filter(pk=receipt.link_id).first()
        if link is None:
            return _end(receipt, Reason.NO_LINK, "The link is no longer here.")
        receipt.read_for = link.pk
        if stopped := stopped_by(link):
            return receipt.end(stopped)
        if receipt.attempts > MOST_TRIES:
            return _end(receipt, Reason.FAILED, "Whoever asked for the rest of it died over it.")
        self._expand(receipt, link)

    def _expand(self, receipt: Receipt, link: IntegrationLink) -> None:
        try:
            more = self._more(receipt, link)
        except Again as problem:
            self._try_later(receipt, problem)
        except Unreadable as problem:
            _end(receipt, Reason.UNREADABLE, str(problem))
        except (Gone, Vanished) as problem:
            _end(receipt, Reason.VANISHED, str(problem))
        except Never as problem:
            self._give_up(receipt, link, problem)
        except OperationalError:
            raise
        except Exception as problem:
            log.exception("Receipt %s of %s could not be expanded", receipt.pk, link.hash_id)
            ours = Again(f"Our own fault ({type(problem).__name__}).")
            self._try_later(receipt, ours, most=MOST_ATTEMPTS)
        else:
            self._keep(receipt, more)

    def _more(self, receipt: Receipt, link: IntegrationLink) -> Mapping[str, Any]:
        name = self._integration.name
        if self._integration.connects and not link.integration_user:
            raise NeedsReconnect(f"No account at {name} is left to ask with.")
        return self._integration.expand(receipt.hook, link.client(), link)

    def _keep(self, receipt: Receipt, more: Mapping[str, Any]) -> None:
        tried_before = receipt.attempts > 1
        receipt.expand(more)
        if tried_before:
            self._line.hurry(receipt.link_id)
        INBOX.wake()

    def _try_later(self, receipt: Receipt, problem: Again, *, most: int = MOST_TRIES) -> None:
        if receipt.attempts >= most:
            sentence = f"{problem} It was asked often enough. Process it again to ask once more."
            return _end(receipt, Reason.FAILED, sentence)
        self._line.put_off(receipt, problem)

    def _give_up(self, receipt: Receipt, link: IntegrationLink, problem: Never) -> None:
        """With a link in trouble it waits until that is over; else it is about this one alone."""
        link.troubled_by(problem)
        if link.carries:
            return _end(receipt, Reason.FAILED, str(problem))
        self._try_later(receipt, Again(str(problem)))


def _end(receipt: Receipt, reason: Reason, sentence: str) -> None:
    receipt.end(Outcome(reason, sentence))


@cache
def _of(integration: Expands) -> Expansion:
    return Expansion(integration)


def expansions() -> Iterator[tuple[Lane, Callable[[], int]]]:
    """The lane of each partner that is asked, and what is done in it."""
    for each in registry.every():
        if isinstance(each, Expands):
            yield _of(each).lane, _of(each).drain


def wake(integration: Expands) -> None:
    _of(integration).lane.wake()
