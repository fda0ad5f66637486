"""Receipts read again by today's rules: what each becomes, and what is noted of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import OperationalError, transaction

from idonethis.entries.drafts import Retitle, Retract
from idonethis.integrations import registry
from idonethis.integrations.base import Reads, ReceivesForAll
from idonethis.integrations.models.addressee import link_for
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.reading import Reading
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.receipts import BECAME
from idonethis.integrations.models.results import CHANGES, Result, weightiest
from idonethis.integrations.models.telling import Outcome, Telling
from idonethis.integrations.values import Decision, Hook, Ignored, Reason, Revoked, Unreadable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rereading(Reading):
    """What a receipt has done when it came is not done twice: nobody is disconnected again, and
    what a person has brought back since is not taken back again. What it made follows the rules of
    today, and goes where they leave it out."""

    before: Receipt = field(kw_only=True)

    def sum_up(self, outcomes: list[Outcome]) -> Outcome:
        return weightiest(outcomes)

    def _disconnect(self, event: Revoked) -> Outcome:
        return Outcome(Reason.DISCONNECTED, event.why)

    def _decide(self, decision: Decision) -> Outcome:
        if self.before.outcome == Reason.DECIDED:
            return Outcome(Reason.DECIDED, self.before.why, suggestion=self.before.suggestion)
        return super()._decide(decision)

    def _change(self, event: Retitle | Retract, link: IntegrationLink) -> Outcome:
        took_back = self.before.outcome == Reason.RETRACTED and self.before.entry
        if took_back and isinstance(event, Retract):
            return Outcome(Reason.DUPLICATE, "It took its entry back already.", took_back)
        return super()._change(event, link)

    def _ignore(self, event: Ignored) -> Outcome:
        outcome, had_part = super()._ignore(event), self.before.suggestion or self.before.has_joined
        if outcome.entry or not (had_part and event.draft and self.link):
            return outcome
        user = self._who(event.draft.actor, self.link)
        return self._telling(self.link).leave_out(outcome, event.draft, user)

    def _telling(self, link: IntegrationLink) -> Telling:
        return replace(super()._telling(link), anew=self.before.outcome in BECAME)


@dataclass(frozen=True)
class Reread:
    receipt: Receipt
    outcome: Outcome

    @property
    def result(self) -> Result:
        return Result.ASKED if self.receipt.is_unasked else Result.of(self.outcome)

    @property
    def mark(self) -> dict[str, str | int] | None:
        """What the receipt says from now on; None where that stays. One that has an entry goes on
        saying how it came to it, unless that goes, or it makes or changes another one."""
        before, now = self.receipt, self.outcome
        if before.is_unasked:
            return None
        same = before.entry == now.entry and not _is_left_out(now)
        if before.entry and (same or self.result not in CHANGES):
            return None
        said = (now.reason, now.sentence, now.suggestion)
        if said == (before.outcome, before.why, before.suggestion):
            return None
        return {
            **now.stored,
            "outcome": now.reason or "",
            "read_for": before.read_for,
            "event": before.event,
        }

    @property
    def marked(self) -> Receipt:
        """The receipt, as it is once that is noted."""
        receipt = copy(self.receipt)
        for name, value in (self.mark or {}).items():
            setattr(receipt, name, value)
        return receipt


def _is_left_out(outcome: Outcome) -> bool:
    return bool(outcome.changed) and outcome.reason in (Reason.FILTERED, Reason.BOT)


class Rereads:
    """One run, in the order in which the receipts came. What had joined an entry that goes is read
    once more right away, so that it stands alone. Stores entries, and nothing of the receipts;
    sends no note to anybody."""

    def __init__(self, known: Known | None = None) -> None:
        self._known = known or Known()
        self._marked: dict[int, Receipt] = {}

    def of(self, receipts: Iterable[Receipt]) -> Iterator[Reread]:
        for receipt in receipts:
            read = self._read(receipt)
            yield read
            yield from map(self._read, self._freed_by(read))

    def _read(self, receipt: Receipt) -> Reread:
        receipt = self._marked.get(receipt.pk, receipt)
        read = Reread(receipt, _outcome(receipt, self._known))
        if read.mark:
            self._marked[receipt.pk] = read.marked
        return read

    def _freed_by(self, read: Reread) -> list[Receipt]:
        link, names = read.receipt.read_for, read.outcome.freed
        found = {receipt.pk: receipt for receipt in Receipt.objects.joined(link, names)}
        found |= self._marked
        freed = [each for each in found.values() if each.entry in names and each.has_joined]
        return sorted((each for each in freed if each.pk != read.receipt.pk), key=lambda r: r.pk)


def reread(receipts: Iterable[Receipt]) -> Iterator[Reread]:
    return Rereads().of(receipts)


def _outcome(receipt: Receipt, known: Known) -> Outcome:
    try:
        with transaction.atomic():
            return _read(receipt, known)
    except Unreadable as problem:
        return Outcome(Reason.UNREADABLE, str(problem))
    except OperationalError:
        raise
    except Exception as problem:
        known.begin()
        log.exception("Receipt %s of %s failed", receipt.pk, receipt.integration_type)
        sentence = f"The event could not be read ({type(problem).__name__}). It stays stored."
        return Outcome(Reason.FAILED, sentence)


def _read(receipt: Receipt, known: Known) -> Outcome:
    if receipt.is_unasked:
        return Outcome(Reason(receipt.outcome), receipt.why)
    integration = registry.get(receipt.integration_type)
    if not isinstance(integration, Reads):
        return Outcome(Reason.NO_LINK, "This integration is no longer installed.")
    hook = receipt.hook
    link = _link(receipt, integration, hook, known=known)
    receipt.event, receipt.read_for = integration.event(hook), link.pk if link else 0
    about = (receipt.delivery_key, True, receipt.suggestion)
    return Rereading(hook, integration, link, known, *about, before=receipt).outcome()


def _link(
    receipt: Receipt, integration: Reads, hook: Hook, *, known: Known
) -> IntegrationLink | None:
    """The one that it was read for, so that nothing moves to another team; where it was read for
    none, the one that there is today."""
    if receipt.read_for or not isinstance(integration, ReceivesForAll):
        return known.link(receipt.its_link)
    return link_for(integration, hook)


def note(marks: Iterable[tuple[int, dict[str, str | int]]]) -> None:
    """Receipts may live in another database than entries, so this is harmless to repeat."""
    with transaction.atomic(using=settings.INBOX):
        for pk, mark in marks:
            Receipt.objects.filter(pk=pk, state="done").update(**mark)
