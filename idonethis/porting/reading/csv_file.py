"""The export of I Done This, as it is and as spreadsheets save it: rows may be short, columns in
any order, texts of several lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar

from idonethis.entries.text import LONGEST, clean, folded
from idonethis.porting.brought import Brought, Read, Refused, check_days, key_of
from idonethis.porting.lines import Kind, Logged
from idonethis.porting.reading.days import Order, Spelling
from idonethis.porting.reading.table import COLUMNS, Row, Table, decoded

STATUSES: Mapping[str, Kind] = {
    "done": "done", "goal": "goal", "blocked": "blocked", "blocker": "blocked", "": "done",
}  # fmt: skip

Value = TypeVar("Value")


def read(content: bytes) -> Read:
    """Raises Unreadable, where it is no such file at all."""
    text, notes = decoded(content)
    table = Table.of(text)
    spelling = Spelling(Order.of(table.days()))
    reading = _Reading(spelling)
    rows = list(reading.read(table.rows))
    people = {row.entry.person: {"email": row.entry.person, "name": ""} for row in rows}
    return Read(rows, people, [*table.refused, *reading.refused], notes)


@dataclass
class _Reading:
    spelling: Spelling
    refused: list[Refused] = field(default_factory=list)
    _seen: Counter[str] = field(default_factory=Counter)

    def read(self, rows: Sequence[Row]) -> Iterator[Brought]:
        for row in rows:
            try:
                entry = self._entry(row.values)
            except ValueError as problem:
                self.refused.append(Refused(row.line, str(problem)))
            else:
                key = self._key(entry)
                yield Brought(line=row.line, key=key, entry=entry, by_content=True)

    def _entry(self, values: Mapping[str, str]) -> Logged:
        """Raises ValueError with a sentence for people."""
        text = {name: clean(values.get(name, "")).strip() for name in COLUMNS}
        entry = Logged(
            person=_address(text["user_email_address"]),
            status=_status(text["status"]),
            body=_body(clean(values.get("body", ""))),
            occurred_on=self.spelling.day(text["occurred_on"]),
            completed_on=_maybe(self.spelling.day, text["completed_on"]),
            created_at=_maybe(self.spelling.instant, text["created_at"]),
            archived_at=_maybe(self.spelling.instant, text["archived_at"]),
        )
        check_days(entry)
        return entry

    def _key(self, entry: Logged) -> str:
        """Of what does not change when a goal is completed. Of two rows that are alike each is one,
        in whatever order they stand."""
        created = entry.created_at.isoformat() if entry.created_at else ""
        said = "\0".join((entry.person, entry.body, entry.occurred_on.isoformat(), created))
        digest = sha256(said.encode()).hexdigest()
        self._seen[digest] += 1
        return key_of(f"row:{digest}:{self._seen[digest]}")


def _maybe(reading: Callable[[str], Value], text: str) -> Value | None:
    return reading(text) if text else None


def _address(text: str) -> str:
    if "@" not in text or len(text) > 254 or text.split() != [text]:
        raise ValueError(f"“{text[:60]}” is no mail address, so nobody knows whose entry it is.")
    return folded(text)


def _status(text: str) -> Kind:
    if text.lower() not in STATUSES:
        raise ValueError(f"“{text[:60]}” is no status: done, goal or blocked.")
    return STATUSES[text.lower()]


def _body(text: str) -> str:
    if not text.strip():
        raise ValueError("There is no text in it.")
    if len(text) > LONGEST:
        raise ValueError(f"Its text has {len(text):,} characters, and an entry has {LONGEST:,}.")
    return text
