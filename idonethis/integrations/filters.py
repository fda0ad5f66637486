"""What of an activity somebody wants to see, as addresses, commands and the API say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Self
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.models.deliveries import DeliveryQuerySet
from idonethis.integrations.models.receipt import UNREAD
from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.integrations.reasons import (
    ASKING,
    ATTENTION,
    DELIVERIES,
    ENDINGS,
    IN_STORM,
)
from idonethis.integrations.sight import Sight

#: Whatever somebody can do something about.
NEEDS_SOMEBODY = "attention"
RESULTS = (NEEDS_SOMEBODY, *ENDINGS, ASKING, IN_STORM, *DELIVERIES)
DIRECTIONS = ("in", "out")
LAST = datetime.max - timedelta(days=2)
NAMES = ("result", "event", "link", "direction", "since")


@dataclass(frozen=True)
class Filters:
    """``result`` is a reason, the result of a delivery, or NEEDS_SOMEBODY; ``event`` how the name
    of the event begins; ``link`` a link's public name; ``since`` a day or an instant."""

    result: str = ""
    event: str = ""
    link: str = ""
    direction: str = ""
    since: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Self:
        """Of an address. What cannot be meant is passed over."""
        given = {name: query.get(name, "").strip()[:80] for name in NAMES}
        meant = {
            "result": given["result"] in RESULTS,
            "direction": given["direction"] in DIRECTIONS,
            "since": instant(given["since"]) is not None,
        }
        return cls(**{name: value for name, value in given.items() if meant.get(name, True)})

    @property
    def given(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    def query(self, **more: str) -> str:
        return urlencode(self.given | more)

    def links_of(self, sight: Sight) -> tuple[IntegrationLink, ...]:
        return tuple(each for each in sight.links if self.link in ("", each.hash_id))

    def reaches(self, at: datetime) -> bool:
        since = instant(self.since)
        return since is None or at >= since

    def unread(self, rows: ReceiptQuerySet) -> ReceiptQuerySet:
        states = {word: (state,) for state, word in UNREAD.items()} | {"": tuple(UNREAD)}
        states[NEEDS_SOMEBODY] = states[IN_STORM]
        wanted = states.get(self.result, ()) if self.direction != "out" else ()
        return self._of_event(rows.filter(state__in=wanted)) if wanted else rows.none()

    def receipts(self, rows: ReceiptQuerySet) -> ReceiptQuerySet:
        if self.direction == "out" or self.result not in ("", NEEDS_SOMEBODY, *ENDINGS):
            return rows.none()
        if self.result == NEEDS_SOMEBODY:
            rows = rows.filter(outcome__in=ATTENTION)
        elif self.result:
            rows = rows.filter(outcome=self.result)
        return self._of_event(rows)

    @property
    def can_be_read_again(self) -> bool:
        """Whether all that is shown has come in and is through."""
        return self.direction != "out" and self.result in ("", NEEDS_SOMEBODY, *ENDINGS)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """How the receipts that are shown have ended; none: in any way."""
        if self.result == NEEDS_SOMEBODY:
            return tuple(map(str, ATTENTION))
        return (self.result,) if self.result else ()

    def _of_event(self, rows: ReceiptQuerySet) -> ReceiptQuerySet:
        return rows.filter(event__startswith=self.event) if self.event else rows

    def deliveries(self, rows: DeliveryQuerySet) -> DeliveryQuerySet:
        """An entry that goes out is no event of a partner."""
        if self.direction == "in" or self.event:
            return rows.none()
        if self.result == NEEDS_SOMEBODY:
            return rows.overdue()
        if self.result and self.result not in DELIVERIES:
            return rows.none()
        return rows.with_result(self.result) if self.result else rows


def instant(text: str) -> datetime | None:
    """A day begins where the reader is."""
    try:
        at, day = parse_datetime(text), parse_date(text)
    except ValueError:
        return None
    if day:
        at = datetime.combine(day, time())
    at = timezone.make_aware(at) if at and timezone.is_naive(at) else at
    return at if at is None or _is_an_instant_everywhere(at) else None


def _is_an_instant_everywhere(at: datetime) -> bool:
    """Beyond the first and the last day that there is, no zone has a clock any more."""
    return datetime.min + timedelta(days=2) < at.replace(tzinfo=None) < LAST
