"""What monday.com tells: https://developer.monday.com/api-reference/reference/webhooks

That a column of an item has changed, and by whom, as a number. Who that is, and whether the status
means done, is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
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
)

#: What a status is called among the types of columns.
STATUS = "color"


@dataclass(frozen=True)
class Told:
    said: Mapping[str, Any]
    more: Mapping[str, Any]

    @classmethod
    def of(cls, hook: Hook) -> Told:
        said = json_object(hook.json, "What monday.com sends")
        return cls(record(said.get("event")), hook.more)

    @property
    def key(self) -> str:
        return line(self.said.get("triggerUuid"))

    @property
    def event(self) -> str:
        return line(self.said.get("type"))[:80]

    @property
    def item(self) -> str:
        return line(self.said.get("pulseId"))

    @property
    def column(self) -> str:
        return line(self.said.get("columnId"))

    @property
    def user(self) -> str:
        return line(self.said.get("userId"))

    @property
    def is_status(self) -> bool:
        return self.said.get("columnType") == STATUS and bool(self.item and self.column)

    def read(self) -> Event:
        if not self.is_status:
            return Ignored(Reason.UNSUPPORTED, "An item makes an entry once its status is done.")
        if not self.more:
            return Ignored(Reason.VANISHED, "The item is no longer at monday.com.")
        key = f"item:{self.item}:{self.column}"
        if not self.more.get("is_done"):
            return Retract(key=key, as_of=self._at)
        return Draft(
            body=f"Completed “{self._name}”",
            key=key,
            url=line(self.more.get("url")),
            occurred_at=self._at,
            as_of=self._at,
            actor=self._actor,
        )

    @property
    def _name(self) -> str:
        return line(self.more.get("name")) or line(self.said.get("pulseName")) or "untitled"

    @property
    def _at(self) -> datetime | None:
        return instant(self.said.get("changedAt")) or instant(self.said.get("triggerTime"))

    @property
    def _actor(self) -> Actor:
        """Below zero are automations. monday.com has verified the addresses of its accounts."""
        user = record(self.more.get("user"))
        mail, is_bot = line(user.get("email")), self.user.startswith("-")
        name = line(user.get("name"))
        return Actor(uid=self.user, name=name, email=mail, bot=is_bot, vouched=True)
