"""What a calendar says that it did not say the last time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from idonethis.integrations.base import Hook, fingerprint, instant
from idonethis.integrations.kits.calendars import POSTPONED, Occurrence

#: How long ago an event may have ended that is still looked at.
LOOK_BACK = timedelta(days=14)
#: As far as an event that is known can be postponed and is noticed.
LOOK_AHEAD = timedelta(days=14)
#: The longest that a calendar is believed to be unchanged.
LONGEST = timedelta(days=1)
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class News:
    """``before``: the cursor of the poll before. At the first poll, everything lies ahead."""

    now: datetime
    before: Mapping[str, Any]

    @property
    def since(self) -> datetime:
        """Nothing of before the link was made is news."""
        return instant(self.before.get("since")) or self.now

    @property
    def is_due(self) -> bool:
        """Whether an event has ended that lay ahead."""
        due = instant(self.before.get("due"))
        return due is None or due <= self.now

    @property
    def begin(self) -> datetime:
        return max(self.since, self.now - LOOK_BACK)

    @property
    def end(self) -> datetime:
        return self.now + LOOK_AHEAD

    def hooks(self, found: Iterable[Occurrence]) -> tuple[Hook, ...]:
        """What is over, and what lies ahead again that was over already, as far as anything of it
        is new."""
        known = self._known
        told = [each for each in self._told(found) if known.get(each["id"]) != mark(each)]
        return tuple(Hook(orjson.dumps(each), JSON) for each in told)

    def cursor(self, found: Sequence[Occurrence]) -> dict[str, Any]:
        ahead = [each["ends"] for each in found if self._is_ahead(each)]
        return {
            "since": self.since.isoformat(),
            "due": min([*ahead, (self.now + LONGEST).isoformat()]),
            "known": {each["id"]: mark(each) for each in self._told(found)},
        }

    @property
    def _known(self) -> Mapping[str, str]:
        known: Mapping[str, str] = self.before.get("known", {})
        return known

    def _told(self, found: Iterable[Occurrence]) -> list[Occurrence]:
        begin = self.begin.isoformat()
        over = [each for each in found if begin < each["ends"] and not self._is_ahead(each)]
        ahead = [each for each in found if self._is_ahead(each) and each["id"] in self._known]
        return over + [{**each, "status": POSTPONED} for each in ahead]

    def _is_ahead(self, each: Occurrence) -> bool:
        return bool(each["ends"] > self.now.isoformat())


def mark(each: Occurrence) -> str:
    return fingerprint(orjson.dumps(each))[:16]
