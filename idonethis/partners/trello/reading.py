"""What a webhook of Trello says: an action, as its API shows it, of which ``old`` holds what was
there before.

https://developer.atlassian.com/cloud/trello/guides/rest-api/action-types/"""

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
from idonethis.integrations.kits.boards import plain

TYPES = ("createCard", "updateCard", "deleteCard")


@dataclass(frozen=True)
class Happening:
    """``done``: what lists are called that mean done, in the words of ``plain``."""

    body: Mapping[str, Any]
    done: frozenset[str] = frozenset()

    @classmethod
    def of(cls, body: Any, *, done: frozenset[str] = frozenset()) -> Happening:
        return cls(json_object(body, "A webhook of Trello"), done)

    @property
    def action(self) -> Mapping[str, Any]:
        return record(self.body.get("action"))

    @property
    def type(self) -> str:
        return line(self.action.get("type"))

    @property
    def data(self) -> Mapping[str, Any]:
        return record(self.action.get("data"))

    @property
    def card(self) -> Mapping[str, Any]:
        return record(self.data.get("card"))

    @property
    def old(self) -> Mapping[str, Any]:
        return record(self.data.get("old"))

    @property
    def at(self) -> datetime | None:
        return instant(self.action.get("date"))

    @property
    def key(self) -> str:
        return f"card:{line(self.card.get('id'))}"

    @property
    def text(self) -> str:
        return f"Completed “{line(self.card.get('name')) or 'untitled'}”"

    @property
    def event(self) -> Event:
        if self.type not in TYPES:
            return Ignored(Reason.UNSUPPORTED, f"Trello’s “{self.type}” never makes an entry.")
        if not line(self.card.get("id")):
            return Ignored(Reason.UNSUPPORTED, "It names no card.")
        if self.type == "deleteCard" or self.is_undone:
            return Retract(key=self.key, as_of=self.at)
        if self.is_done:
            return self._draft
        if "name" in self.old:
            return Retitle(key=self.key, body=self.text, as_of=self.at)
        return Ignored(Reason.UNSUPPORTED, "A card makes an entry once it is done.")

    def _stands(self, where: str) -> bool:
        return plain(line(record(self.data.get(where)).get("name"))) in self.done

    @property
    def is_done(self) -> bool:
        """By this very action: from one such list to another, nothing is done anew."""
        if self.type == "createCard":
            return self._stands("list")
        marked = "dueComplete" in self.old and self.card.get("dueComplete") is True
        return marked or (self._stands("listAfter") and not self._stands("listBefore"))

    @property
    def is_undone(self) -> bool:
        """A mark that is taken from a card in such a list changes nothing."""
        unmarked = "dueComplete" in self.old and self.card.get("dueComplete") is False
        moved = "listAfter" in self.data and not self._stands("listAfter")
        return (unmarked and not self._stands("list")) or (moved and self._stands("listBefore"))

    @property
    def _draft(self) -> Event:
        said = record(self.action.get("memberCreator"))
        if not line(said.get("id")):
            return Ignored(Reason.NO_PERSON, "Trello does not say who did it.")
        short = line(self.card.get("shortLink"))
        return Draft(
            body=self.text,
            key=self.key,
            url=f"https://trello.com/c/{short}" if short.isalnum() else "",
            occurred_at=self.at,
            as_of=self.at,
            actor=Actor(
                uid=line(said.get("id")),
                login=line(said.get("username")),
                name=line(said.get("fullName")),
            ),
            place=line(record(self.data.get("board")).get("name")),
        )
