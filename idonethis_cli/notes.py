"""What was typed, until it is logged, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from idonethis_cli import places, storing
from idonethis_cli.screen import on_one_line

#: So many can be undone.
KEPT = 100
PARTS = ("waiting", "refused", "sent")
TOLD = ("kind", "day", "reason", "hash_id", "page")


class Note(NamedTuple):
    part: str
    name: str
    fields: dict[str, str]
    text: str

    @property
    def key(self) -> str:
        """By which the server knows it again: its own name, or what was changed."""
        change = self.fields.get("change")
        if not change:
            return f"cli:{self.name}"
        return f"commit:{hashlib.sha256(change.encode()).hexdigest()}"

    @property
    def asked(self) -> dict[str, str]:
        """As the API takes it; where it goes is not said yet."""
        fields = self.fields
        status, day = fields.get("kind", "done"), fields.get("day", "")
        return {"body": self.text, "status": status, "occurred_on": day, "key": self.key}

    @property
    def told(self) -> dict[str, Any]:
        """As programs read it."""
        known = {name: self.fields[name] for name in TOLD if name in self.fields}
        return {"body": self.text, "state": self.part, "key": self.key} | known

    @property
    def title(self) -> str:
        return on_one_line(self.text)

    def move(self, part: str, **facts: str) -> None:
        """First there, then no longer here: whatever happens between, it is not lost."""
        storing.put(places.outbox(part), self.name, self.fields | facts, self.text)
        storing.drop(places.outbox(self.part), self.name)


def keep(fields: dict[str, str], text: str) -> str:
    name = storing.new_name()
    storing.put(places.outbox("waiting"), name, fields, text)
    return name


def all_of(part: str) -> Iterator[Note]:
    for name in storing.names(places.outbox(part)):
        if found := storing.read(places.outbox(part), name):
            yield Note(part, name, *found)


def named(name: str) -> Note | None:
    """What has become of it. What moves stands in two places for a moment; the later one counts."""
    for part in reversed(PARTS):
        if found := storing.read(places.outbox(part), name):
            return Note(part, name, *found)
    return None


def drop(name: str) -> None:
    for part in PARTS:
        storing.drop(places.outbox(part), name)


def forget() -> None:
    """Those that nobody will undo any more."""
    for name in storing.names(places.outbox("sent"))[:-KEPT]:
        storing.drop(places.outbox("sent"), name)
