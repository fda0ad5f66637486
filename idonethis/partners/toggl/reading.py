"""What an event of Toggl Track says: https://engineering.toggl.com/docs/webhooks_start

``payload`` is the thing as its API tells it: https://engineering.toggl.com/docs/api/time_entries"""

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
    Retract,
    instant,
    json_object,
    line,
    record,
)

VERBS = {"task": "Completed", "project": "Archived the project"}


@dataclass(frozen=True)
class Happening:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Happening:
        return cls(json_object(body, "An event of Toggl"))

    @property
    def about(self) -> Mapping[str, Any]:
        return record(self.body.get("metadata"))

    @property
    def model(self) -> str:
        return line(self.about.get("model"))

    @property
    def action(self) -> str:
        return line(self.about.get("action"))

    @property
    def thing(self) -> Mapping[str, Any]:
        return record(self.body.get("payload"))

    @property
    def key(self) -> str:
        return f"{self.model}:{line(self.thing.get('id'))}"

    @property
    def at(self) -> datetime | None:
        """When it was changed; of what is deleted, when it was deleted."""
        return instant(self.body.get("created_at")) or instant(self.thing.get("at"))

    @property
    def actor(self) -> Actor:
        """Whose the thing is, else who did it."""
        own = line(self.thing.get("user_id")) or line(self.thing.get("uid"))
        return Actor(uid=own or line(self.about.get("event_user_id")))

    def told(self, *, wants_time: bool) -> Iterator[Event]:
        if self.body.get("payload") == "ping":
            yield Ignored(Reason.PING, "Toggl tried the address.")
        elif self.model in VERBS:
            yield self._finished()
        elif self.model != "time_entry":
            yield Ignored(Reason.UNSUPPORTED, f"Toggl’s “{self.model}” never makes an entry.")
        elif not wants_time:
            yield Ignored(Reason.UNSUPPORTED, "This link does not log tracked time.")
        else:
            yield self._tracked()

    def _finished(self) -> Event:
        """Toggl calls a task that is not done, and a project that is not archived, active."""
        if self.action == "created":
            return Ignored(Reason.UNSUPPORTED, f"A {self.model} makes an entry once it is done.")
        if self.action == "deleted" or self.thing.get("active") is not False:
            return Retract(key=self.key, as_of=self.at)
        return Draft(
            body=f"{VERBS[self.model]} “{line(self.thing.get('name')) or 'untitled'}”",
            key=self.key,
            occurred_at=self.at,
            as_of=self.at,
            actor=self.actor,
        )

    def _tracked(self) -> Event:
        """A running one has no end yet, and one without a description says nothing."""
        what = line(self.thing.get("description"))
        if self.action == "deleted":
            return Retract(key=self.key, as_of=self.at)
        if not self.seconds:
            return Ignored(Reason.UNSUPPORTED, "Tracked time makes an entry once it is stopped.")
        if not what:
            return Ignored(Reason.FILTERED, "The tracked time does not say what for.")
        return Draft(
            body=f"{what} ({_long(self.seconds)})",
            key=self.key,
            occurred_at=instant(self.thing.get("stop")),
            as_of=self.at,
            actor=self.actor,
        )

    @property
    def seconds(self) -> int:
        """Of a running one, it is negative."""
        given = self.thing.get("duration")
        return max(0, given) if isinstance(given, int) and self.thing.get("stop") else 0


def _long(seconds: int) -> str:
    """``1 h 20 min``; whoever works for a minute has worked for one."""
    hours, minutes = divmod(max(1, seconds // 60), 60)
    parts = [f"{hours} h" * bool(hours), f"{minutes} min" * bool(minutes)]
    return " ".join(filter(None, parts))
