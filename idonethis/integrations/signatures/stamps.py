"""When a sender says it signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from idonethis.integrations.shapes import record
from idonethis.integrations.signatures.base import Refused, TooOld
from idonethis.integrations.values import Hook, Unreadable

#: How many of them make a second, where a sender counts in thousandths.
MILLISECONDS = 1000
#: Such as 2026-11-24T09:30:00Z: nobody signs in local time.
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}(Z|[+-][0-9]{2}:?[0-9]{2})")


@dataclass(frozen=True)
class Stamp:
    """In a ``header`` of its own; or in the part of the list of signatures that begins so, such as
    ``t=``; or in a ``field`` of the signed body. It counts ``per_second`` since 1970, or is ISO
    8601, and lies no longer ago, or ahead, than the ``tolerance``."""

    header: str = ""
    part: str = ""
    field: str = ""
    per_second: int = 1
    tolerance: timedelta = timedelta(minutes=5)

    def read(self, hook: Hook, parts: Sequence[str]) -> str:
        """As the sender wrote it; nothing, where there is none."""
        if self.field:
            return str(record(hook.json).get(self.field, ""))
        if self.part:
            found = (each for each in parts if each.startswith(self.part))
            return next(found, "").removeprefix(self.part)
        return hook.header(self.header)

    def write(self, hook: Hook) -> str:
        return str(int(hook.received_at.timestamp() * self.per_second))

    def stamped(self, hook: Hook) -> Hook:
        """The same with another time in the body, if that is where it stands."""
        try:
            said = record(hook.json) if self.field else {}
        except Unreadable:
            said = {}
        if self.field not in said:
            return hook
        return replace(hook, body=orjson.dumps({**said, self.field: int(self.write(hook))}))

    def check(self, hook: Hook, text: str) -> None:
        age = abs(hook.received_at.timestamp() - self._seconds(text))
        if age > self.tolerance.total_seconds():
            raise TooOld(f"It was signed {age:.0f} seconds away from now.")

    def _seconds(self, text: str) -> float:
        if re.fullmatch(r"[0-9]{1,15}", text):
            return int(text) / self.per_second
        if _ISO.fullmatch(text):
            try:
                return datetime.fromisoformat(text).timestamp()
            except (ValueError, OverflowError):
                pass
        raise Refused("When it was signed is missing, or no time.")
