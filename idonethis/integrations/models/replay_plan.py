"""What a replay would do, worked out by doing it and taking it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from idonethis.entries.models import Entry
from idonethis.integrations.keeping.window import said
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.replaying import batch
from idonethis.integrations.models.rereading import Reread, Rereads
from idonethis.integrations.models.results import CHANGES, Result
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.models.trying import leaving_nothing

#: Of more receipts than this, a plan reads the first: nobody else can write while it does.
PLANNED = 1000
#: How many a plan shows.
SAMPLE = 20


@dataclass(frozen=True)
class Planned:
    """One receipt in a plan: what its entry says, and what it would say; empty where none does."""

    reread: Reread
    was: str
    now: str

    def facts(self) -> dict[str, Any]:
        receipt, outcome = self.reread.receipt, self.reread.outcome
        return {
            "receipt": receipt.pk,
            "event": receipt.event,
            "received_at": receipt.received_at.isoformat(),
            "is": receipt.outcome,
            "would_be": outcome.reason or "",
            "result": self.reread.result.value,
            "why": outcome.why,
            "was": self.was,
            "now": self.now,
        }


@dataclass(frozen=True)
class ReplayPlan:
    """``by_outcome`` is how the receipts ended, ``results`` what would become of the first
    ``planned`` of them; ``left_out`` cannot be read again."""

    selection: Selection
    by_outcome: dict[str, int]
    left_out: int
    results: Counter[str]
    sample: tuple[Planned, ...]
    #: What has become of what came long ago, and so cannot be read again.
    kept: str = ""

    @classmethod
    def of(cls, selection: Selection) -> ReplayPlan:
        selection = selection.fixed()
        results: Counter[str] = Counter()
        changes: list[Planned] = []
        others: list[Planned] = []
        with leaving_nothing():
            for each in _planned(selection):
                result = each.reread.result
                results[result.value] += 1
                shown = changes if result in CHANGES else others
                shown.extend([each] * (len(shown) < SAMPLE))
        sample, counted = tuple([*changes, *others][:SAMPLE]), by_outcome(selection.receipts())
        return cls(selection, counted, selection.left_out(), results, sample, said())

    @property
    def total(self) -> int:
        return sum(self.by_outcome.values())

    @property
    def planned(self) -> int:
        return min(self.total, PLANNED)

    @property
    def changes(self) -> int:
        return sum(self.results[result] for result in CHANGES)

    @property
    def changing(self) -> list[Planned]:
        """Some of those that change something."""
        return [each for each in self.sample if each.reread.result in CHANGES]

    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "total": self.total,
            "left_out": self.left_out,
            "kept": self.kept or None,
            "by_outcome": self.by_outcome,
            "planned": self.planned,
            "results": dict(self.results),
            "changes": self.changes,
            "sample": [each.facts() for each in self.sample],
        }


def by_outcome(receipts: models.QuerySet[Receipt, Receipt]) -> dict[str, int]:
    ended = receipts.order_by("outcome").values_list("outcome")
    return dict(ended.annotate(models.Count("pk")))


def _planned(selection: Selection) -> Iterator[Planned]:
    rereads, read, receipts = Rereads(), 0, batch(selection, after=0)
    while receipts and read < PLANNED:
        yield from _planned_of(receipts, rereads)
        read += len(receipts)
        receipts = batch(selection, after=receipts[-1].pk)


def _planned_of(receipts: list[Receipt], rereads: Rereads) -> Iterator[Planned]:
    """Each with the words before its batch, and those right after it."""
    were = _words(receipt.entry for receipt in receipts if receipt.entry)
    for each in rereads.of(receipts):
        entry, changes = each.outcome.entry, each.result in CHANGES
        became = _words([entry]) if changes else were
        now = "" if each.result is Result.TAKEN_BACK else became.get(entry, "")
        yield Planned(each, were.get(each.receipt.entry, ""), now)


def _words(entries: Iterable[str]) -> dict[str, str]:
    found = Entry.objects.alive().filter(hash_id__in=set(entries))
    return dict(found.values_list("hash_id", "body"))
