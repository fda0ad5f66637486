"""What is news of what a calendar says, as far as the look before knew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from idonethis.integrations.base import Hook, Polled, instant, line, record
from idonethis.integrations.kits.calendars import CANCELLED, POSTPONED, Occurrence

#: For how long after its end an event can be cancelled or put off, and goes from the log.
REMEMBERED = timedelta(days=30)
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Look:
    """``before``: the cursor of the look before. At the first look, everything lies ahead. ``told``
    in it are the events that were told to be over, and whose they were."""

    now: datetime
    before: Mapping[str, Any]
    whose: str = ""

    @property
    def token(self) -> str:
        return line(self.before.get("token"))

    @property
    def since(self) -> datetime:
        """Nothing of before the link was made is news."""
        return instant(self.before.get("since")) or self.now

    @property
    def begin(self) -> datetime:
        """What was over at the last look has been told."""
        return instant(self.before.get("until")) or self.now

    @property
    def reach(self) -> datetime:
        """From when on everything has to be listed to a look that is not told what has changed."""
        return max(self.since, min(self.begin, self.now - REMEMBERED))

    def differing(self, events: Iterable[Occurrence]) -> Iterator[Occurrence]:
        """Of all that there is since ``reach``, what was told otherwise or not at all, and what was
        told and is not there any more."""
        there = {each["id"]: each for each in events}
        for pk, each in there.items():
            if self._known.get(pk, {}).get("changed") != each["changed"]:
                yield each
        for pk, kept in self._known.items():
            ends = instant(kept.get("ends"))
            if pk not in there and ends and ends > self.reach:
                yield {"id": pk, "ends": "", "status": CANCELLED}

    def found(self, events: Iterable[Occurrence], *, token: str) -> Polled:
        """Each event once: what was listed twice is the same."""
        once = {each["id"]: each for each in events if each["id"]}
        told = list(self._news(once.values()))
        cursor = {
            "calendar": line(self.before.get("calendar")),
            "since": self.since.isoformat(),
            "until": self.now.isoformat(),
            "token": token,
            "told": self._with(told),
        }
        return Polled(tuple(hook_of(each, self.now) for each in told), cursor)

    def _news(self, events: Iterable[Occurrence]) -> Iterator[Occurrence]:
        """What is over; and what was, but was cancelled or put off. By then it may say nothing more
        of itself, and whoever had accepted may have to answer anew: what was told is remembered."""
        for each in events:
            known, ends = self._known.get(each["id"]), instant(each["ends"])
            if each["status"] == CANCELLED:
                yield from [{**each, **known}] if known else []
            elif ends and ends > self.now:
                yield from [{**each, **known, "status": POSTPONED}] if known else []
            elif ends and ends > self.since:
                yield each

    def _with(self, told: Iterable[Occurrence]) -> Mapping[str, Any]:
        """What is known to be over by now, and may still be cancelled or put off."""
        known = dict(self._known)
        for each in told:
            known[each["id"]] = self._kept(each) if is_on(each) else {}
        return {pk: kept for pk, kept in known.items() if self._lasts(kept)}

    def _kept(self, each: Occurrence) -> Mapping[str, Any]:
        whose = {self.whose: each[self.whose]} if self.whose in ("organizer", "attendees") else {}
        return {"ends": each["ends"], "changed": each["changed"], **whose}

    def _lasts(self, kept: Mapping[str, Any]) -> bool:
        ends = instant(kept.get("ends"))
        return ends is not None and ends > self.now - REMEMBERED

    @property
    def _known(self) -> dict[str, Mapping[str, Any]]:
        return {pk: record(kept) for pk, kept in record(self.before.get("told")).items()}


def is_on(each: Occurrence) -> bool:
    return each["status"] not in (CANCELLED, POSTPONED)


def hook_of(each: Occurrence, asked_at: datetime) -> Hook:
    return Hook(orjson.dumps(each), JSON, received_at=asked_at)
