"""What the settings of a link would change in the log, found by trying them on the last of what has
come in: exactly what happens when they are saved and these receipts are read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from idonethis.accounts.models import User
from idonethis.entries.models import Entry
from idonethis.integrations.models import IntegrationLink, Outcome, Receipt, Suggestion
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.rereading import Reread, Rereads
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.models.trying import leaving_nothing

#: How many of the last receipts are tried.
SHOWN = 30


@dataclass(frozen=True)
class Standing:
    """An entry as the log shows it, or a suggestion as its person alone sees it."""

    name: str
    kind: str
    body: str
    person: User
    day: date
    url: str
    label: str
    details: tuple[str, ...]
    waits: bool = False

    @classmethod
    def of_entry(cls, entry: Entry) -> Standing:
        details = tuple(source.text for source in entry.sources.all() if source.text)
        words = (entry.hash_id, entry.kind, entry.body, entry.user, entry.occurred_on, entry.url)
        return cls(*words, entry.origin_label, details)

    @classmethod
    def of_suggestion(cls, waiting: Suggestion) -> Standing:
        details = tuple(each["text"] for each in waiting.details)
        words = (waiting.hash_id, waiting.kind, waiting.body, waiting.user, waiting.day)
        return cls(*words, waiting.url, "", details, waits=True)


@dataclass(frozen=True)
class Effect:
    """What one receipt is, ``before`` and ``after``. Where it ``changes`` nothing, others may have
    changed what it is part of."""

    receipt: Receipt
    outcome: Outcome
    before: tuple[Standing, ...]
    after: tuple[Standing, ...]
    changes: bool

    @property
    def word(self) -> str:
        """``add``, ``drop``, ``change`` or ``stay``; nothing for what is not in the log at all."""
        if not self.changes:
            return "stay" if self.after else ""
        if self.before and self.after:
            return "change"
        return "add" if self.after else "drop"


def latest(link: IntegrationLink) -> Selection:
    """What is tried, and read again once somebody asks for that."""
    return Selection.latest(link, SHOWN)


def effects(link: IntegrationLink, config: Mapping[str, Any]) -> list[Effect]:
    """Of the last receipts, newest first. Nothing stays of the try, and nobody is called."""
    receipts = {each.pk: each for each in latest(link).receipts()}
    with leaving_nothing():
        rereads = list(Rereads(Known(trying=_with(link, config))).of(receipts.values()))
        names = {name for each in rereads for name in _touched(each)}
        after = _standing(names)
    before = _standing(names)
    tried = [_Tried(receipts[pk], _of(pk, rereads)) for pk in sorted(receipts, reverse=True)]
    return [each.effect(before, after) for each in tried]


def _with(link: IntegrationLink, config: Mapping[str, Any]) -> IntegrationLink:
    """As if it were saved like this, and ran."""
    tried = copy(link)
    tried.config, tried.state = dict(config), link.State.ACTIVE
    tried.subject = link.integration.subject(config)[:300]
    return tried


def _of(pk: int, rereads: Iterable[Reread]) -> tuple[Reread, ...]:
    return tuple(each for each in rereads if each.receipt.pk == pk)


@dataclass(frozen=True)
class _Tried:
    """A receipt, and each time that it was read."""

    receipt: Receipt
    rereads: tuple[Reread, ...]

    def effect(self, before: Mapping[str, Standing], after: Mapping[str, Standing]) -> Effect:
        names = sorted({name for each in self.rereads for name in _touched(each)})
        was = tuple(before[name] for name in names if name in before)
        is_ = tuple(after[name] for name in names if name in after)
        lost = {self.receipt.entry, self.receipt.suggestion} & set(before) - set(after)
        did = any(each.outcome.changed for each in self.rereads)
        outcome = self.rereads[-1].outcome
        return Effect(self.receipt, outcome, was, is_, bool(lost) or did and was != is_)


def _touched(reread: Reread) -> set[str]:
    """Public names of entries and suggestions."""
    was, is_ = reread.receipt, reread.outcome
    return {was.entry, was.suggestion, is_.entry, is_.suggestion, *is_.freed} - {""}


def _standing(names: set[str]) -> dict[str, Standing]:
    entries = Entry.objects.alive().filter(hash_id__in=names).select_related("user")
    waiting = Suggestion.objects.pending().filter(hash_id__in=names).select_related("user")
    found = [Standing.of_entry(each) for each in entries.prefetch_related("sources")]
    found += [Standing.of_suggestion(each) for each in waiting]
    return {each.name: each for each in found}
