"""A column of both databases: how SQLite's value reads, when two values are the same, and what
PostgreSQL cannot hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from idonethis.moving.exact import canonical, parsed, texts

#: Half of a pair of UTF-16; a byte that is no UTF-8 reads as one, too.
HALF = re.compile("[\ud800-\udfff]")


def _instant(text: str) -> datetime:
    """Django leaves out the zone, which is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


#: What SQLite has no type for, by the name of Django's.
READ: Mapping[str, Callable[[Any], Any]] = {
    "BooleanField": bool,
    "DateField": date.fromisoformat,
    "DateTimeField": _instant,
    "TimeField": time.fromisoformat,
}


@dataclass(frozen=True)
class Column:
    """``field``: what its values are; where it names a row elsewhere, that row's key."""

    name: str
    field: models.Field[Any, Any]

    @classmethod
    def of(cls, field: Any) -> Column:
        meant = field
        while meant.remote_field:
            meant = meant.target_field
        return cls(field.column, meant)

    @property
    def kind(self) -> str:
        return self.field.get_internal_type()

    @property
    def is_text(self) -> bool:
        return isinstance(self.field, models.CharField | models.TextField)

    def read(self, stored: Any) -> Any:
        """As PostgreSQL is given it. Raises ValueError or TypeError for what is of another kind."""
        reading = READ.get(self.kind)
        return stored if stored is None or reading is None else reading(stored)

    def exact(self, value: Any) -> Any:
        """The same for the same value, from whichever side."""
        if self.kind == "JSONField" and value is not None:
            return canonical(parsed(value))
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        return value

    def refusal(self, stored: Any) -> str:
        """Why PostgreSQL cannot hold it, to follow the column’s name; empty where it can."""
        try:
            return next(filter(None, map(self._refusal, self._parts(stored))), "")
        except (ValueError, TypeError):
            return f"cannot be read as a {self.kind}"

    def _parts(self, stored: Any) -> Iterator[Any]:
        if self.kind == "JSONField" and stored is not None:
            yield from texts(parsed(stored))
        elif stored is not None:
            yield self.read(stored)

    def _refusal(self, value: Any) -> str:
        if isinstance(self.field, models.IntegerField):
            return self._refusal_of_number(value)
        return self._refusal_of_text(value) if isinstance(value, str) else ""

    def _refusal_of_number(self, value: Any) -> str:
        least, most = BaseDatabaseOperations.integer_field_ranges[self.kind]
        fits = isinstance(value, int) and least <= value <= most
        return "" if fits else f"holds {value!r}, and there whole numbers go from {least} to {most}"

    def _refusal_of_text(self, value: str) -> str:
        if "\0" in value:
            return "holds the character NUL (U+0000)"
        if HALF.search(value):
            return "holds half a character (a lone surrogate, or bytes that are no UTF-8)"
        most = self.field.max_length if isinstance(self.field, models.CharField) else None
        if most and len(value) > most:
            return f"holds {len(value)} characters, and there the most is {most}"
        return ""
