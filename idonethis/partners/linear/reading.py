"""What a change at Linear says: https://linear.app/developers/webhooks#data-change-events-payload

``updatedFrom`` holds, of what has changed, what was there before."""

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
    records,
)


@dataclass(frozen=True)
class Change:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Change:
        return cls(json_object(body, "An event of Linear"))

    @property
    def type(self) -> str:
        return line(self.body.get("type"))

    @property
    def action(self) -> str:
        return line(self.body.get("action"))

    @property
    def thing(self) -> Mapping[str, Any]:
        return record(self.body.get("data"))

    @property
    def at(self) -> datetime | None:
        return instant(self.thing.get("updatedAt")) or instant(self.body.get("createdAt"))

    @property
    def url(self) -> str:
        return line(self.body.get("url")) or line(self.thing.get("url"))

    @property
    def actor(self) -> Actor:
        """Whoever did it; integrations and automations of Linear are no people."""
        said = record(self.body.get("actor"))
        return person(said, bot=line(said.get("type")) != "user")

    def has_changed(self, name: str) -> bool:
        return name in record(self.body.get("updatedFrom"))


def person(said: Mapping[str, Any], *, bot: bool = False) -> Actor:
    """Linear has verified the address of everybody who signs in there."""
    return Actor(
        uid=line(said.get("id")),
        name=line(said.get("name")),
        email=line(said.get("email")),
        bot=bot,
        vouched=True,
    )


def issue(change: Change) -> Iterator[Event]:
    """The work is that of whom the issue is assigned to; else of who moves it."""
    thing = change.thing
    state, number = record(thing.get("state")), line(thing.get("identifier"))
    body = f"Completed “{line(thing.get('title')) or 'untitled'}”" + (f" ({number})" * bool(number))
    assigned = record(thing.get("assignee"))
    draft = Draft(
        body=body,
        key=f"issue:{line(thing.get('id'))}",
        url=change.url,
        occurred_at=instant(thing.get("completedAt")),
        as_of=change.at,
        actor=person(assigned) if assigned else change.actor,
        place=line(record(thing.get("team")).get("name")),
        labels=tuple(line(each.get("name")) for each in records(thing.get("labels"))),
    )
    yield from _moved(change, draft, is_done=line(state.get("type")) == "completed", by="stateId")


def project(change: Change) -> Iterator[Event]:
    yield from _finished(change, "project")


def initiative(change: Change) -> Iterator[Event]:
    yield from _finished(change, "initiative")


def _finished(change: Change, noun: str) -> Iterator[Event]:
    thing = change.thing
    state = line(record(thing.get("status")).get("type")) or line(thing.get("status"))
    lead = record(thing.get("lead")) or record(thing.get("owner"))
    draft = Draft(
        body=f"Completed the {noun} “{line(thing.get('name')) or 'untitled'}”",
        key=f"{noun}:{line(thing.get('id'))}",
        url=change.url,
        occurred_at=instant(thing.get("completedAt")),
        as_of=change.at,
        actor=person(lead) if lead else change.actor,
    )
    yield from _moved(change, draft, is_done=state.lower() == "completed", by="status")


def _moved(change: Change, draft: Draft, *, is_done: bool, by: str) -> Iterator[Event]:
    """Into a completed state, out of one, or renamed meanwhile."""
    moved = change.action == "create" or change.has_changed(by) or change.has_changed("statusId")
    if change.action == "remove":
        yield Retract(key=draft.key, as_of=draft.as_of)
    elif is_done and moved:
        yield draft
    elif moved and change.has_changed("completedAt"):
        yield Retract(key=draft.key, as_of=draft.as_of)
    elif change.has_changed("title") or change.has_changed("name"):
        yield Retitle(key=draft.key, body=draft.body, as_of=draft.as_of)
    else:
        yield Ignored(Reason.UNSUPPORTED, "It makes an entry once it is completed.")
