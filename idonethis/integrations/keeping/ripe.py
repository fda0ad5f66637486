"""Which receipts may go: those of which nothing more is to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from idonethis.integrations.models.apart import day_of
from idonethis.integrations.models.erasure import Erasure
from idonethis.integrations.models.job import Job
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.integrations.models.replaying import Replay
from idonethis.integrations.models.storm import Storm
from idonethis.integrations.models.suggestion import Suggestion
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson
from idonethis.integrations.reads import EMPTIED
from idonethis.integrations.values import Reason

#: What was read again so lately may be the business of somebody who looks at it.
LATELY = timedelta(days=1)


class Old(NamedTuple):
    """What of a receipt decides whether it may go."""

    pk: int
    received_at: datetime
    due_at: datetime
    state: str
    outcome: str
    entry: str
    integration_type: str
    actor_key: str
    suggestion: str
    read_for: int

    @property
    def day(self) -> date:
        return day_of(self.received_at)

    @property
    def has_request(self) -> bool:
        return self.state != EMPTIED

    @property
    def waits_for(self) -> tuple[str, str]:
        """Whom somebody has to know, by the integration and as the partner calls them."""
        is_unclaimed = self.outcome == Reason.NO_PERSON and self.actor_key > ""
        return (self.integration_type, self.actor_key) if is_unclaimed else ("", "")


#: What is asked of the inbox for it: nothing of the requests themselves.
FIELDS = tuple(name if name != "pk" else "id" for name in Old._fields)


def is_busy() -> bool:
    """What came long ago is being read again, or looked through for somebody who has been deleted:
    nothing goes meanwhile, least of all into a file."""
    return Job.objects.running().filter(kind=Replay.kind).exists() or Erasure.objects.exists()


def at_rest() -> ReceiptQuerySet:
    """Those that are through, and that nobody has touched lately. (A receipt that is through says
    by ``due_at`` when it was last in work.)"""
    return Receipt.objects.filter(state="done", due_at__lt=timezone.now() - LATELY)


def ripe(rows: Sequence[Old]) -> list[Old]:
    """Those of these that are through, wait for nobody and are no part of something unfinished."""
    quiet = timezone.now() - LATELY
    through = [row for row in rows if row.state == "done" and row.due_at < quiet]
    unknown, undecided, storms = _unknown(through), _undecided(through), _storms()
    return [
        row
        for row in through
        if row.waits_for not in unknown
        and row.suggestion not in undecided
        and row.pk < storms.get(row.read_for, row.pk + 1)
    ]


def lines(rows: Iterable[Old], *, before: datetime | None) -> list[Old]:
    """Those that have lost their request long since."""
    return [row for row in rows if before and row.state == EMPTIED and row.received_at < before]


def _unknown(rows: Sequence[Old]) -> set[tuple[str, str]]:
    """People whom somebody may still say to be theirs, and who are not ignored."""
    keys = {row.waits_for[1] for row in rows} - {""}
    found = UnclaimedPerson.objects.open().filter(key__in=keys) if keys else ()
    return {(person.integration_type, person.key) for person in found}


def _undecided(rows: Sequence[Old]) -> set[str]:
    names = {row.suggestion for row in rows} - {""}
    found = Suggestion.objects.pending().filter(hash_id__in=names) if names else ()
    return {suggestion.hash_id for suggestion in found}


def _storms() -> dict[int, int]:
    """The links of storms under way, with the first receipt of each."""
    return {storm.link_id: storm.first_receipt for storm in Storm.objects.under_way()}
