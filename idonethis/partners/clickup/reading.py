"""What ClickUp tells: https://developer.clickup.com/docs/webhooktaskpayloads

Who moved which task to which status; what the task is called is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from idonethis.integrations.base import (
    MILLISECONDS,
    Actor,
    Draft,
    Event,
    Hook,
    Ignored,
    Reason,
    Retract,
    instant,
    json_object,
    line,
    record,
    records,
)

#: Types of statuses: https://developer.clickup.com/docs/tasks
COMPLETED = ("done", "closed")


@dataclass(frozen=True)
class Told:
    body: Mapping[str, Any]
    more: Mapping[str, Any]

    @classmethod
    def of(cls, hook: Hook) -> Told:
        return cls(json_object(hook.json, "What ClickUp sends"), hook.more)

    @property
    def event(self) -> str:
        return line(self.body.get("event"))[:80]

    @property
    def task(self) -> str:
        return line(self.body.get("task_id"))

    @property
    def key(self) -> str:
        """What happened has a name, whichever webhook says so."""
        ids = [line(each.get("id")) for each in records(self.body.get("history_items"))]
        return ":".join(filter(None, (self.event, *ids))) if any(ids) else ""

    @property
    def changes(self) -> list[Mapping[str, Any]]:
        """By which the task was completed, or taken up again."""
        items = records(self.body.get("history_items")) if self.task else []
        return [each for each in items if _is_done(each, "before") != _is_done(each, "after")]

    def events(self) -> Iterator[Event]:
        if not self.changes:
            yield Ignored(Reason.UNSUPPORTED, "A task makes an entry once it is completed.")
        for change in self.changes:
            yield self._of(change)

    def _of(self, change: Mapping[str, Any]) -> Event:
        at, key = _instant(change.get("date")), f"task:{self.task}"
        thing = record(self.more.get("task"))
        if not _is_done(change, "after"):
            return Retract(key=key, as_of=at)
        if not thing:
            return Ignored(Reason.VANISHED, "The task is no longer at ClickUp.")
        return Draft(
            body=f"Completed “{line(thing.get('name')) or 'untitled'}”",
            key=key,
            url=line(thing.get("url")),
            occurred_at=at,
            as_of=at,
            actor=_actor(record(change.get("user"))),
            labels=tuple(line(each.get("name")) for each in records(thing.get("tags"))),
        )


def _is_done(change: Mapping[str, Any], when: str) -> bool:
    """Also of one that had no status before: its task was completed when it was made."""
    is_status = line(change.get("field")) == "status"
    return is_status and line(record(change.get(when)).get("type")) in COMPLETED


def _instant(said: object) -> Any:
    text = line(said)
    return instant(int(text), per_second=MILLISECONDS) if text.isdecimal() else None


def _actor(user: Mapping[str, Any]) -> Actor:
    """ClickUp has verified the address of everybody who has an account there. Its own automations
    are below zero."""
    uid = line(user.get("id"))
    return Actor(
        uid=uid,
        name=line(user.get("username")),
        email=line(user.get("email")),
        bot=uid.startswith("-"),
        vouched=True,
    )
