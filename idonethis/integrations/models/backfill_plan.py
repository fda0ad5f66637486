"""What an import would bring, worked out from its first pages and taken back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import PastPage
from idonethis.integrations.models.backfilling import Past
from idonethis.integrations.models.replay_plan import SAMPLE
from idonethis.integrations.models.results import Result
from idonethis.integrations.models.telling import Outcome
from idonethis.integrations.models.trying import leaving_nothing

#: A person waits while the partner is asked.
MOST_PAGES = 3


@dataclass(frozen=True)
class Imagined:
    """What one of the hooks would become; without an entry, ``why`` says why not."""

    outcome: Outcome
    entry: Entry | None

    @property
    def result(self) -> Result:
        return Result.of(self.outcome)

    def facts(self) -> dict[str, Any]:
        entry = self.entry
        return {
            "result": self.result.value,
            "reason": self.outcome.reason or "",
            "why": self.outcome.why,
            "body": entry.body if entry else "",
            "kind": entry.kind if entry else "",
            "day": entry.occurred_on.isoformat() if entry else None,
            "user": entry.user.email if entry else "",
        }


@dataclass(frozen=True)
class BackfillPlan:
    """``total`` things are looked at, as far as the partner says; the first ``seen`` of them become
    ``results``."""

    past: Past
    total: int | None
    seen: int
    results: Counter[str]
    sample: tuple[Imagined, ...]

    @classmethod
    def of(cls, past: Past) -> BackfillPlan:
        """Asks the partner, and stores nothing. Raises Failed."""
        pages = _first_pages(past)
        with leaving_nothing():
            imagined = [imagine(outcome) for page in pages for outcome in _outcomes(past, page)]
        results = Counter(each.result.value for each in imagined)
        seen = sum(page.seen for page in pages)
        return cls(past, pages[-1].total, seen, results, tuple(imagined[:SAMPLE]))

    @property
    def is_whole(self) -> bool:
        """Nothing is left that it has not looked at."""
        return self.total is not None and self.seen >= self.total

    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "total": self.total,
            "planned": self.seen,
            "results": dict(self.results),
            "sample": [each.facts() for each in self.sample],
        }


def _first_pages(past: Past) -> list[PastPage]:
    pages = [past.page({})]
    while pages[-1].cursor and len(pages) < MOST_PAGES and _hooks(pages) < SAMPLE:
        pages.append(past.page(dict(pages[-1].cursor)))
    return pages


def _hooks(pages: list[PastPage]) -> int:
    return sum(len(page.hooks) for page in pages)


def _outcomes(past: Past, page: PastPage) -> list[Outcome]:
    return list(past.read(page, imported="plan"))


def imagine(outcome: Outcome) -> Imagined:
    found = Entry.objects.select_related("user").filter(hash_id=outcome.entry)
    return Imagined(outcome, found.first() if outcome.entry else None)
