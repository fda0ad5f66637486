"""How many entries a link makes in a minute: more than a team could mean is a storm. They are
counted where all processes see them, among the receipts; and not for every entry, but once a link
has made so many here that there may be too many in all."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.integrations.models.storm import Storm

MINUTE = timedelta(minutes=1)
#: Links that are remembered, those that made something last.
MOST_LINKS = 20_000
#: What may be made unasked, as a part of what is left until there are too many: so many processes
#: may each read a share of what comes in, and a storm is noticed all the same.
PARTS = 10


class Made(NamedTuple):
    """An entry: when what it came of was received, and under which primary key."""

    received_at: datetime
    receipt: int

    def is_near(self, other: Made) -> bool:
        return abs(self.received_at - other.received_at) <= MINUTE


class Bursts:
    """How many entries each link may still make in this process until all of them are counted."""

    def __init__(self) -> None:
        self._unasked: OrderedDict[int, int] = OrderedDict()

    def note(self, link: int, count: int, among: ReceiptQuerySet) -> Made | None:
        """It has made so many more. Where that was too many, the one with which it was."""
        limit = settings.STORM_LIMIT
        left = self._unasked.pop(link, _part(limit)) - count
        if left <= 0:
            latest = made_by(link, among, most=limit + _part(limit) + count)
            if too_many := _one_too_many(latest, limit):
                return too_many
            left = _part(limit - sum(each.is_near(latest[0]) for each in latest))
        self._unasked[link] = left
        if len(self._unasked) > MOST_LINKS:
            self._unasked.popitem(last=False)
        return None


def _part(left: int) -> int:
    return max(1, (left + 1) // PARTS)


def made_by(link: int, among: ReceiptQuerySet, *, most: int) -> list[Made]:
    """The entries that this link has made last, in whichever process, newest first; not what was
    let out of a storm."""
    made = among.made_for(link, after=Storm.objects.last_receipt_of(link))[:most]
    return [Made(*row) for row in made.values_list("received_at", "pk")]


def _one_too_many(made: Sequence[Made], limit: int) -> Made | None:
    """The first before which too many were made within a minute."""
    pairs = zip(made, made[limit:], strict=False)
    return next((later for later, first in reversed([*pairs]) if later.is_near(first)), None)


BURSTS = Bursts()


def brake(links: Iterable[int], among: ReceiptQuerySet) -> None:
    """Each of these has made an entry, as often as it is named. Where that was too much, it is held
    from now on, and what it has made in that minute is held with it."""
    for link, count in Counter(links if settings.STORM_LIMIT else ()).items():
        if too_many := BURSTS.note(link, count, among):
            made = made_by(link, among, most=PARTS * settings.STORM_LIMIT)
            first = min((each for each in made if each.is_near(too_many)), key=lambda m: m.receipt)
            Storm.objects.begin(link, began_at=first.received_at, first_receipt=first.receipt)
