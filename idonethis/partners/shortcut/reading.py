"""What an event of Shortcut says: https://developer.shortcut.com/api/webhook/v1

It tells what has changed and little else: neither a story's owners nor its labels, and of people
nothing but their ids. States are told by their ids, of which ``references`` says what they are."""

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
    records,
)

STATES = {"story": "workflow_state_id", "epic": "epic_state_id"}


@dataclass(frozen=True)
class Change:
    """One of the things that an event is about."""

    body: Mapping[str, Any]
    action: Mapping[str, Any]

    @classmethod
    def all_of(cls, body: Any) -> list[Change]:
        body = json_object(body, "An event of Shortcut")
        return [cls(body, action) for action in records(body.get("actions"))]

    @property
    def kind(self) -> str:
        return line(self.action.get("entity_type"))

    @property
    def event(self) -> Event:
        verb = line(self.action.get("action"))
        if not line(self.action.get("id")):
            return Ignored(Reason.UNSUPPORTED, f"It does not say which {self.kind} it is about.")
        if verb == "delete":
            return Retract(key=self._key, as_of=self._at)
        return self._moved or self._renamed

    @property
    def _moved(self) -> Event | None:
        is_done, was_done = self._is_done("new"), self._is_done("old")
        if is_done and not was_done:
            return self._draft
        if was_done and is_done is False:
            return Retract(key=self._key, as_of=self._at)
        return None

    @property
    def _renamed(self) -> Event:
        if "name" in self._changes:
            return Retitle(key=self._key, body=self._text, as_of=self._at)
        return Ignored(Reason.UNSUPPORTED, f"{self._one} makes an entry once it is completed.")

    @property
    def _one(self) -> str:
        return "An epic" if self.kind == "epic" else "A story"

    @property
    def _key(self) -> str:
        return f"{self.kind}:{line(self.action.get('id'))}"

    @property
    def _at(self) -> datetime | None:
        return instant(self.body.get("changed_at"))

    @property
    def _changes(self) -> Mapping[str, Any]:
        """By the name of what has changed, with what was there in ``old`` and is there in ``new``.
        Of what was created all is new, and told without a change."""
        changes, state = record(self.action.get("changes")), STATES[self.kind]
        return {state: {"new": self.action.get(state)}} if state in self.action else changes

    def _is_done(self, side: str) -> bool | None:
        """Whether it is completed, ``new``, or was, ``old``; None where nothing is said of it."""
        completed = record(self._changes.get("completed")).get(side)
        if isinstance(completed, bool):
            return completed
        state = record(self._changes.get(STATES[self.kind])).get(side)
        kind = next((line(each.get("type")) for each in self._states if each["id"] == state), "")
        return kind == "done" if kind else None

    @property
    def _states(self) -> list[Mapping[str, Any]]:
        """Ids of other things may be the same."""
        wanted = "epic-state" if self.kind == "epic" else "workflow-state"
        said = records(self.body.get("references"))
        return [each for each in said if each.get("entity_type") == wanted and "id" in each]

    @property
    def _draft(self) -> Event:
        member = line(self.body.get("member_id"))
        if not member:
            return Ignored(Reason.NO_PERSON, "Shortcut does not say who completed it.")
        completed_at = record(self._changes.get("completed_at")).get("new")
        return Draft(
            body=self._text,
            key=self._key,
            url=line(self.action.get("app_url")),
            occurred_at=instant(completed_at) or self._at,
            as_of=self._at,
            actor=Actor(uid=member),
        )

    @property
    def _text(self) -> str:
        title = line(self.action.get("name")) or "untitled"
        if self.kind == "epic":
            return f"Completed the epic “{title}”"
        return f"Completed “{title}” (sc-{line(self.action.get('id'))})"
