"""How many entries a link makes in a minute: more than a team could mean is a storm."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from idonethis.integrations.models.storm import Storm

MINUTE = timedelta(minutes=1)
#: Links that are remembered, those that made something last; each as far as the limit.
MOST_LINKS = 500


class Made(NamedTuple):
    """An entry, by what came in for which link, when, and under which primary key."""

    link: int
    received_at: datetime
    receipt: int


class Bursts:
    """What links have made lately, in this process."""

    def __init__(self) -> None:
        self._made: OrderedDict[int, deque[Made]] = OrderedDict()

    def note(self, made: Made) -> Made | None:
        """Where this was one too many: the link, when the first of those that came within a minute
        was received, and the first receipt."""
        limit = settings.STORM_LIMIT
        if not limit:
            return None
        lately = self._made.pop(made.link, None) or deque(maxlen=limit + 1)
        lately.append(made)
        received = [each.received_at for each in lately] if len(lately) > limit else []
        if received and max(received) - min(received) <= MINUTE:
            return Made(made.link, min(received), min(each.receipt for each in lately))
        self._made[made.link] = lately
        if len(self._made) > MOST_LINKS:
            self._made.popitem(last=False)
        return None


BURSTS = Bursts()


def brake(made: Iterable[Made]) -> None:
    """Where one of these was too many, its link is held from now on."""
    stormy = set()
    for one in made:
        first = BURSTS.note(one) if one.link not in stormy else None
        if first:
            stormy.add(one.link)
            Storm.objects.begin(one.link, began_at=first.received_at, first_receipt=first.receipt)
