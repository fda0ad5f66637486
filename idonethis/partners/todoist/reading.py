"""What a webhook of Todoist says: https://developer.todoist.com/api/v1/#tag/Webhooks

``event_data`` is the task, ``initiator`` whoever did this: in a shared project, not always who has
allowed the application."""

from __future__ import annotations

from collections.abc import Mapping
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
    lines,
    record,
)

WHY = "A task makes an entry once it is completed."


@dataclass(frozen=True)
class Happening:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Happening:
        return cls(json_object(body, "A webhook of Todoist"))

    @property
    def name(self) -> str:
        return line(self.body.get("event_name"))

    @property
    def task(self) -> Mapping[str, Any]:
        return record(self.body.get("event_data"))

    @property
    def extra(self) -> Mapping[str, Any]:
        return record(self.body.get("event_data_extra"))

    @property
    def at(self) -> datetime | None:
        said = instant(self.body.get("triggered_at")) or instant(self.task.get("updated_at"))
        return said or instant(self.task.get("completed_at"))

    @property
    def verb(self) -> str:
        """Of ``item:completed``, the ``completed``. A task that comes again stays open, so it may
        be told as an update that says what it is meant to be."""
        verb = self.name.removeprefix("item:")
        intent = line(self.extra.get("update_intent")).removeprefix("item_")
        return intent if verb == "updated" and intent else verb

    @property
    def event(self) -> Event:
        if not self.name.startswith("item:"):
            return Ignored(Reason.UNSUPPORTED, f"Todoist’s “{self.name}” never makes an entry.")
        if not line(self.task.get("id")):
            return Ignored(Reason.UNSUPPORTED, "It does not say which task it is about.")
        if self.verb == "completed":
            return self._draft
        if self.verb in ("uncompleted", "deleted"):
            return Retract(key=self.key, as_of=self.at)
        if self.verb == "updated" and self.is_renamed:
            return Retitle(key=self.key, body=self.text, as_of=self.at)
        return Ignored(Reason.UNSUPPORTED, WHY)

    @property
    def is_renamed(self) -> bool:
        old = line(record(self.extra.get("old_item")).get("content"))
        return bool(old) and old != line(self.task.get("content"))

    @property
    def key(self) -> str:
        """A task that comes again is done again: once a day, since no more is told."""
        again = record(self.task.get("due")).get("is_recurring") is True
        day = f":{self.at:%Y-%m-%d}" if again and self.at and self.verb == "completed" else ""
        return f"task:{line(self.task.get('id'))}{day}"

    @property
    def text(self) -> str:
        return f"Completed “{line(self.task.get('content')) or 'untitled'}”"

    @property
    def actor(self) -> Actor:
        said = record(self.body.get("initiator"))
        return Actor(
            uid=line(said.get("id")),
            name=line(said.get("full_name")),
            email=line(said.get("email")),
        )

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(filter(None, lines(self.task.get("labels"))))

    @property
    def _draft(self) -> Event:
        if not self.actor.uid:
            return Ignored(Reason.NO_PERSON, "Todoist does not say who completed it.")
        return Draft(
            body=self.text,
            key=self.key,
            url=line(self.task.get("url")),
            occurred_at=instant(self.task.get("completed_at")) or self.at,
            as_of=self.at,
            actor=self.actor,
            labels=self.labels,
        )
