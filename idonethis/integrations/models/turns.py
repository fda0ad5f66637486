"""Whose receipts are taken next. Those of a link, or of an application that has one address for all
of its links, stand in one queue, and the queues are served in turn: however long one is, the others
move. Which queues there are is found by leaps along an index, never by reading the backlog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.models.functions import Least
from django.utils import timezone

from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.lease import Leased, LeasedQuerySet, Row
from idonethis.integrations.models.storm import HELD
from idonethis.integrations.reads import BARE
from idonethis.integrations.values import Reason
from idonethis.prepared import Prepared

LEASE = timedelta(seconds=30)
#: How many receipts one transaction processes, and how many are held at a time.
BATCH = 100
MOST_HELD = 1000
#: How many are taken back at a time of what a storm had made: whoever else has sent something waits
#: for the end of that.
MOST_TAKEN_BACK = 20
#: How many that have been tried so often are tried together. Where one kills whoever reads it, the
#: others of its batch are soon rid of it; where nobody is to blame, a batch costs hardly more.
TOGETHER = {1: 25, 2: 5}
#: Tried so often, one is tried alone.
ALONE = max(TOGETHER) + 1

#: Rows that nobody has tried yet, in the words of the index ``receipts_fresh``.
FRESH = "state = 'due' AND attempts = 0"
QUEUES = f"""
    WITH RECURSIVE queue(link_id, place) AS (
        SELECT (SELECT MIN(link_id) FROM integrations_receipt
                WHERE {FRESH} AND link_id > %s), 1
        UNION ALL
        SELECT (SELECT MIN(link_id) FROM integrations_receipt
                WHERE {FRESH} AND link_id > queue.link_id), place + 1
        FROM queue WHERE link_id IS NOT NULL AND place < %s
    )
    SELECT link_id FROM queue WHERE link_id IS NOT NULL
"""  # noqa: S608
OLDEST = f"""
    SELECT * FROM (
        SELECT link_id, id FROM integrations_receipt
        WHERE {FRESH} AND link_id = %s AND due_at <= %s ORDER BY due_at, id LIMIT %s
    ) AS oldest
"""  # noqa: S608
TRIED = """
    SELECT attempts FROM integrations_receipt
    WHERE state = 'due' AND attempts > 0 AND due_at <= %s ORDER BY due_at LIMIT 1
"""
READY = Prepared(
    lambda pks: (
        apps.get_model("integrations.Receipt")
        ._default_manager.filter(pk__in=pks, state="due", attempts=0)
        .select_for_update(skip_locked=True)
        .order_by("pk")
    )
)


class Lent(NamedTuple):
    """Those that were taken together, and until when they are ours."""

    pks: list[int]
    until: datetime

    @classmethod
    def of(cls, rows: Sequence[Leased]) -> Lent:
        return cls([row.pk for row in rows], rows[0].due_at)


class InTurn(LeasedQuerySet[Row]):
    def anew(self) -> int:
        """Processes these once more after taking back what they made, as if for the first time."""
        return self.update(state="due", due_at=timezone.now(), attempts=0, outcome=Reason.ANEW)

    def take_over(self) -> int:
        """At the start of the only process there is: whoever held a lease is dead."""
        tried = self.filter(attempts__gt=0)
        # What has failed before waits as long as it was told to, by a partner perhaps.
        asking = tried.filter(state=BARE, why="")
        # One after the other, since each is in an index of its own.
        each = (tried.filter(state="due"), tried.filter(state="held"), asking)
        return sum(rows.update(due_at=timezone.now()) for rows in each)

    def take(self, most: int) -> list[Row]:
        """Up to so many of these that nobody has tried yet; else one that has failed, alone."""
        ready = self.filter(due_at__lte=timezone.now())
        return ready.filter(attempts=0).claim(most, lease=LEASE) or ready.claim(1, lease=LEASE)

    def fresh(self, queues: Sequence[int], *, most: int) -> list[Row]:
        """Up to so many, the oldest of each of these queues, which nobody has tried yet."""
        oldest = oldest_of(queues, most)
        if not oldest:
            return []
        with transaction.atomic(using=self.db):
            return self.lease(READY(oldest), LEASE)

    def tried(self) -> list[Row]:
        """What has failed before, or whose worker died: fewer at a time the more often, and in the
        end one alone."""
        waiting = _rows(TRIED, [_now()])
        if not waiting:
            return []
        ready = self.filter(state="due", attempts__gt=0, due_at__lte=timezone.now())
        ((first,),) = waiting
        as_often = ready.filter(attempts=first).order_by("due_at").values_list("pk", flat=True)
        together = list(as_often[: TOGETHER.get(first, 1)])
        return ready.filter(pk__in=together).claim(len(together), lease=LEASE)

    def give_back(self, lent: Lent, *, at: datetime, most: int) -> None:
        """What is still ours of these is due then, as something that was tried ``most`` times or
        less."""
        ours = self.filter(pk__in=lent.pks, state="due", due_at=lent.until)
        ours.update(due_at=at, attempts=Least("attempts", most))

    def hold(self, links: Iterable[int]) -> int:
        """What has come by these links, unread, waits until somebody decides; some of it at a
        time."""
        held = {"state": "held", "outcome": Reason.STORM_HELD, "why": HELD}
        unread = self.filter(state="due", attempts=0, outcome="")
        count = 0
        for link in links:
            queue = unread.filter(link_id=link).order_by("due_at").values_list("pk", flat=True)
            count += unread.filter(pk__in=list(queue[:MOST_HELD])).update(read_for=link, **held)
            IntegrationLink.objects.filter(pk=link).update(last_received_at=timezone.now())
        return count


class Turns:
    """Goes round and round the queues."""

    def __init__(self) -> None:
        self._last = -1

    def next_queues(self, most: int) -> list[int]:
        """Those that have something, by link (0: an application), each once, beginning after those
        that were served last."""
        queues = _queues(self._last, most)
        if len(queues) < most:
            before = _queues(-1, most - len(queues))
            queues += [queue for queue in before if queue <= self._last]
        self._last = queues[-1] if queues else -1
        return queues


def _queues(after: int, most: int) -> list[int]:
    return [link_id for (link_id,) in _rows(QUEUES, [after, most])]


def oldest_of(queues: Sequence[int], most: int) -> list[int]:
    """The primary keys of up to so many receipts, the oldest of each queue: as many of one as of
    another, and what is left to those that have more."""
    if not queues:
        return []
    share = max(1, most // len(queues))
    taken = _oldest(queues, share)
    lengths = Counter(queue for queue, _ in taken)
    longer = [queue for queue in queues if lengths[queue] == share]
    more = (most - len(taken)) // len(longer) if longer else 0
    if more > 0:
        shorter = [row for row in taken if row[0] not in longer]
        taken = shorter + _oldest(longer, share + more)
    return [pk for _, pk in taken]


def _oldest(queues: Sequence[int], share: int) -> list[tuple[int, int]]:
    now = _now()
    values = [value for queue in queues for value in (queue, now, share)]
    return [(queue, pk) for queue, pk in _rows(" UNION ALL ".join([OLDEST] * len(queues)), values)]


def _now() -> Any:
    """As the database writes it."""
    return connections[settings.INBOX].ops.adapt_datetimefield_value(timezone.now())


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[int, ...]]:
    with connections[settings.INBOX].cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[int, ...]] = cursor.fetchall()
    return rows
