"""What a webhook of Taiga says: https://docs.taiga.io/webhooks.html#_payloads

Each Taiga counts its people and things from 1, so all ids begin with its name, but for those of
things, which have it behind their kind.

``data`` is the thing as it is now, ``diff`` what has changed of it, by its own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    Retitle,
    Retract,
    instant,
    json_object,
    line,
    record,
)
from idonethis.integrations.kits.servers import own_id

#: What is said of its kinds; other things go by their titles alone.
SAID = {"epic": "the epic ", "milestone": "the sprint "}


@dataclass(frozen=True)
class Change:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Change:
        return cls(json_object(body, "A webhook of Taiga"))

    @property
    def kind(self) -> str:
        return line(self.body.get("type"))

    @property
    def action(self) -> str:
        return line(self.body.get("action"))

    @property
    def thing(self) -> Mapping[str, Any]:
        return record(self.body.get("data"))

    @property
    def by(self) -> Mapping[str, Any]:
        return record(self.body.get("by"))

    @property
    def project(self) -> Mapping[str, Any]:
        return record(self.thing.get("project"))

    @property
    def id(self) -> str:
        return line(self.thing.get("id"))

    def person(self, said: Any) -> Actor:
        """Taiga tells no mail addresses."""
        said = record(said)
        return Actor(
            uid=own_id(line(self.project.get("permalink")), said.get("id")),
            login=line(said.get("username")),
            name=line(said.get("full_name")),
        )

    @property
    def key(self) -> str:
        host = line(self.project.get("permalink")).partition("://")[2].partition("/")[0]
        return f"{self.kind}:{host}:{self.id}"

    @property
    def at(self) -> datetime | None:
        return instant(self.body.get("date")) or instant(self.thing.get("modified_date"))

    @property
    def has_moved(self) -> bool:
        return self.has_changed("status", "is_closed", "closed")

    def has_changed(self, *names: str) -> bool:
        diff = record(record(self.body.get("change")).get("diff"))
        return any(name in diff for name in names)

    @property
    def is_closed(self) -> bool:
        """A user story is closed by its tasks, too, whatever its status; a sprint has none."""
        of_status = record(self.thing.get("status")).get("is_closed")
        own = self.thing.get("closed" if self.kind == "milestone" else "is_closed")
        return (of_status if own is None else own) is True

    @property
    def text(self) -> str:
        title = line(self.thing.get("subject")) or line(self.thing.get("name")) or "untitled"
        number = line(self.thing.get("ref"))
        said = SAID.get(self.kind, "")
        return f"Closed {said}“{title}”" + (f" (#{number})" if number and not said else "")

    @property
    def labels(self) -> tuple[str, ...]:
        """Some Taigas tell the colour of a tag beside its name."""
        tags = self.thing.get("tags")
        said = tags if isinstance(tags, list) else []
        named = (next(iter(each), "") if isinstance(each, list) else each for each in said)
        return tuple(filter(None, map(line, named)))


def events(change: Change) -> Iterator[Event]:
    moved = change.action == "create" or change.has_moved
    if not change.id:
        yield Ignored(Reason.UNSUPPORTED, "It does not say what it is about.")
    elif change.action == "delete":
        yield Retract(key=change.key, as_of=change.at)
    elif moved and change.is_closed:
        yield _draft(change)
    elif not change.has_moved and change.has_changed("subject", "name"):
        yield Retitle(key=change.key, body=change.text, as_of=change.at)
    else:
        yield from _not_closed(change)


def _not_closed(change: Change) -> Iterator[Event]:
    """Taiga does not say whether the status was a closed one before, so whatever is moved to an
    open one takes the entry back, if there is one."""
    yield Ignored(Reason.UNSUPPORTED, "It makes an entry once it is closed.")
    if change.has_moved:
        yield Retract(key=change.key, as_of=change.at)


def _draft(change: Change) -> Event:
    """The work is that of whom it is assigned to, whoever moves it."""
    assigned, mover = change.person(change.thing.get("assigned_to")), change.person(change.by)
    done_by = assigned if assigned.uid else mover
    if not done_by.uid:
        return Ignored(Reason.NO_PERSON, "It is nobody’s, and Taiga names nobody who closed it.")
    return Draft(
        body=change.text,
        key=change.key,
        url=line(change.thing.get("permalink")),
        occurred_at=change.at,
        as_of=change.at,
        actor=done_by,
        place=line(change.project.get("name")),
        labels=None if change.kind == "milestone" else change.labels,
    )
