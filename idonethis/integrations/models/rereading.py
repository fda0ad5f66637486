"""Receipts read again by today's rules: what each becomes, and what is noted of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import OperationalError, transaction

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft, Retitle, Retract
from idonethis.entries.models import Source, Told
from idonethis.integrations import registry
from idonethis.integrations.base import Receives, ReceivesForAll
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.reading import Outcome, Reading, link_for
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.results import CHANGES, Result, weightiest
from idonethis.integrations.values import Hook, Reason, Revoked, Unreadable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rereading(Reading):
    """What a receipt has done when it came is not done twice: nobody is disconnected again, and
    what a person has brought back since is not taken back again."""

    before: Receipt

    def sum_up(self, outcomes: list[Outcome]) -> Outcome:
        return weightiest(outcomes)

    def _disconnect(self, event: Revoked) -> Outcome:
        return Outcome(Reason.DISCONNECTED, event.why)

    def _change(self, event: Retitle | Retract, link: IntegrationLink) -> Outcome:
        took_back = self.before.outcome == Reason.RETRACTED and self.before.entry
        if took_back and isinstance(event, Retract):
            return Outcome(Reason.DUPLICATE, "It took its entry back already.", took_back)
        return super()._change(event, link)

    def tell(self, draft: Draft, link: IntegrationLink, *, user: User) -> Told:
        made_it = self.before.outcome == Reason.CREATED
        tell = Source.objects.retell if made_it else Source.objects.tell
        return tell(draft, team=link.team, user=user, origin=link.origin)


@dataclass(frozen=True)
class Reread:
    receipt: Receipt
    outcome: Outcome

    @property
    def result(self) -> Result:
        return Result.of(self.outcome)

    @property
    def mark(self) -> dict[str, str | int] | None:
        """What the receipt says from now on; None where that stays. One that has an entry goes on
        saying how it came to it, unless it makes or changes another one."""
        before, now = self.receipt, self.outcome
        if before.entry and (before.entry == now.entry or self.result not in CHANGES):
            return None
        if (now.reason, now.why) == (before.outcome, before.why):
            return None
        return {
            "outcome": now.reason or "",
            "why": now.why[:300],
            "entry": now.entry,
            "actor_key": now.actor_key[:254],
            "read_for": before.read_for,
            "event": before.event,
        }


def reread(receipts: Iterable[Receipt]) -> Iterator[Reread]:
    """In the order in which they came. Stores entries, and nothing of the receipts; sends no note
    to anybody."""
    known = Known()
    for receipt in receipts:
        yield Reread(receipt, _outcome(receipt, known))


def _outcome(receipt: Receipt, known: Known) -> Outcome:
    try:
        with transaction.atomic():
            return _read(receipt, known)
    except Unreadable as problem:
        return Outcome(Reason.UNREADABLE, str(problem))
    except OperationalError:
        raise
    except Exception as problem:
        log.exception("Receipt %s of %s failed", receipt.pk, receipt.integration_type)
        sentence = f"The event could not be read ({type(problem).__name__}). It stays stored."
        return Outcome(Reason.FAILED, sentence)


def _read(receipt: Receipt, known: Known) -> Outcome:
    integration = registry.get(receipt.integration_type)
    if not isinstance(integration, Receives):
        return Outcome(Reason.NO_LINK, "This integration is no longer installed.")
    hook = receipt.hook
    link = _link(receipt, integration, hook, known=known)
    receipt.event, receipt.read_for = integration.event(hook), link.pk if link else 0
    delivery = receipt.delivery_key
    return Rereading(hook, integration, link, known, delivery, before=receipt).outcome()


def _link(
    receipt: Receipt, integration: Receives, hook: Hook, *, known: Known
) -> IntegrationLink | None:
    """The one that it was read for, so that nothing moves to another team; where it was read for
    none, the one that there is today."""
    if receipt.read_for or not isinstance(integration, ReceivesForAll):
        return known.link(receipt.read_for or receipt.link_id)
    return link_for(integration, hook)


def note(marks: Iterable[tuple[int, dict[str, str | int]]]) -> None:
    """Receipts may live in another database than entries, so this is harmless to repeat."""
    with transaction.atomic(using=settings.INBOX):
        for pk, mark in marks:
            Receipt.objects.filter(pk=pk, state="done").update(**mark)
