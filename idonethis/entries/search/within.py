from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple


class Place(NamedTuple):
    """Of an entry among those that are found, which stand by their day, and on one day by when they
    were logged."""

    day: date
    pk: int

    @classmethod
    def read(cls, text: str) -> Place | None:
        """From an address; None for what nobody handed out."""
        day, _, pk = text.partition("_")
        try:
            return cls(date.fromisoformat(day), int(pk[:18]))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.day}_{self.pk}"


@dataclass(frozen=True)
class Within:
    """The teams that may be looked into, by their keys, and whatever else narrows it: empty for
    all. ``since`` and ``until``: the first and the last day."""

    teams: tuple[int, ...]
    person: int | None = None
    kind: str = ""
    source: str = ""
    since: date | None = None
    until: date | None = None
    before: Place | None = None

    @property
    def top(self) -> Place:
        """What is found stands below this."""
        above = Place(self.until or date.max, 2**40)
        return min(above, self.before) if self.before else above

    @property
    def columns(self) -> Iterator[tuple[str, Any]]:
        if self.person is not None:
            yield "user_id", self.person
        if self.kind:
            yield "kind", self.kind
        if self.source:
            yield "created_by", self.source
