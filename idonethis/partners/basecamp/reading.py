"""What a webhook of Basecamp says:
https://github.com/basecamp/bc3-api/blob/master/sections/webhooks.md#events-triggering-webhooks

``recording`` is the thing, told in the few words that things of all kinds share, so neither its
notes nor whom it is assigned to. ``creator`` is whoever did this."""

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
    record,
)

THINGS = ("todo", "kanban_card")
#: The documentation says ``updated``, what is really sent also ``changed``.
RENAMED = frozenset(("title_updated", "title_changed", "content_updated", "content_changed"))
GONE = frozenset(("uncompleted", "trashed", "deleted"))
#: Whoever has an account; all others are programs.
PEOPLE = frozenset(("User", "Client"))


@dataclass(frozen=True)
class Happening:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Happening:
        return cls(json_object(body, "A webhook of Basecamp"))

    @property
    def kind(self) -> str:
        return line(self.body.get("kind"))

    @property
    def thing(self) -> str:
        """Of ``todo_completed``, the ``todo``; empty for whatever never makes an entry."""
        return next((each for each in THINGS if self.kind.startswith(f"{each}_")), "")

    @property
    def recording(self) -> Mapping[str, Any]:
        return record(self.body.get("recording"))

    @property
    def id(self) -> str:
        return line(self.recording.get("id"))

    @property
    def place(self) -> str:
        return line(record(self.recording.get("bucket")).get("name"))

    @property
    def at(self) -> datetime | None:
        return instant(self.body.get("created_at"))

    @property
    def key(self) -> str:
        return f"{self.thing}:{self.id}"

    @property
    def text(self) -> str:
        return f"Completed “{line(self.recording.get('title')) or 'untitled'}”"

    @property
    def actor(self) -> Actor:
        """Nothing is signed, so whoever knows the address could write any mail address here."""
        said = record(self.body.get("creator"))
        return Actor(
            uid=line(said.get("id")),
            name=line(said.get("name")),
            email=line(said.get("email_address")),
            bot=line(said.get("personable_type")) not in PEOPLE,
        )

    @property
    def event(self) -> Event:
        if not self.thing:
            return Ignored(Reason.UNSUPPORTED, f"Basecamp’s “{self.kind}” never makes an entry.")
        if not self.id:
            return Ignored(Reason.UNSUPPORTED, "It does not say what it is about.")
        return self._event_of(self.kind.removeprefix(f"{self.thing}_"))

    def _event_of(self, what: str) -> Event:
        if what == "completed":
            return self._draft
        if what in GONE:
            return Retract(key=self.key, as_of=self.at)
        if what in RENAMED:
            return Retitle(key=self.key, body=self.text, as_of=self.at)
        return Ignored(Reason.UNSUPPORTED, "It makes an entry once it is completed.")

    @property
    def _draft(self) -> Event:
        if not self.actor.uid:
            return Ignored(Reason.NO_PERSON, "Basecamp does not say who completed it.")
        return Draft(
            body=self.text,
            key=self.key,
            url=line(self.recording.get("app_url")),
            occurred_at=self.at,
            as_of=self.at,
            actor=self.actor,
            place=self.place,
        )
