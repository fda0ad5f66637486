"""Receipts read again by today's rules."""

from __future__ import annotations

from collections import Counter

from idonethis.accounts.models import User
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.job import Job
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.rereading import note, reread
from idonethis.integrations.models.results import WORDS, Result
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.models.work import Step, Work

#: Receipts of one step: few enough that nobody who writes has to wait.
BATCH = 25


def batch(selection: Selection, *, after: int) -> list[Receipt]:
    return list(selection.receipts().filter(pk__gt=after)[:BATCH])


class Replay(Work):
    kind = "replay"
    words = WORDS

    @classmethod
    def begin(cls, selection: Selection, *, user: User | None) -> Job:
        selection = selection.fixed()
        return Job.begin(
            cls.kind,
            team=selection.belongs_to,
            link=IntegrationLink.objects.filter(hash_id=selection.link).first(),
            user=user,
            asked=selection.asked,
            total=selection.receipts().count(),
        )

    @property
    def title(self) -> str:
        return f"Reading again what came in for {self.job.link or self.job.team or 'all teams'}"

    def fetch(self) -> list[Receipt]:
        """First what the step before has not noted of its receipts, should it have died."""
        note(self.job.cursor.get("marks", ()))
        return batch(Selection.of(self.job.asked), after=self.job.cursor.get("after", 0))

    def apply(self, fetched: list[Receipt]) -> Step:
        """Those of which the partner has not said the rest go back to be asked about."""
        if not fetched:
            return Step(None)
        read = list(reread(fetched))
        unasked = [each.receipt.pk for each in read if each.result is Result.ASKED]
        Receipt.objects.filter(pk__in=unasked).replay()
        marks = [(each.receipt.pk, each.mark) for each in read if each.mark]
        return Step(
            {"after": fetched[-1].pk, "marks": marks},
            done=len(fetched),
            results=Counter(each.result.value for each in read),
            reasons=Counter(str(each.outcome.reason) for each in read),
        )
