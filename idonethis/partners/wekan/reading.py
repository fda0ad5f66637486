"""What a webhook of WeKan says:
https://github.com/wekan/wekan/blob/main/docs/Webhooks/Webhook-data.md

It gives ids of lists, and their names only where the server is told to (``WEBHOOKS_ATTRIBUTES``),
or in a sentence for people. Nowhere does it say when."""

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
    json_object,
    line,
)
from idonethis.integrations.kits.boards import plain

WHY = "A card makes an entry once it is moved to a list that means done."


@dataclass(frozen=True)
class Activity:
    """``at`` is when we heard of it, for want of a better time."""

    body: Mapping[str, Any]
    at: datetime
    done: frozenset[str] = frozenset()

    @classmethod
    def of(cls, hook: Hook, *, done: frozenset[str] = frozenset()) -> Activity:
        return cls(json_object(hook.json, "A webhook of WeKan"), hook.received_at, done)

    @property
    def type(self) -> str:
        return line(self.body.get("description"))

    @property
    def key(self) -> str:
        return f"card:{line(self.body.get('cardId'))}"

    @property
    def text(self) -> list[str]:
        """A sentence, and below it the address of the card."""
        said = self.body.get("text")
        return said.splitlines() if isinstance(said, str) else []

    @property
    def lists(self) -> tuple[str, str]:
        """From which to which, by their names."""
        told = line(self.body.get("oldList")), line(self.body.get("list"))
        return told if all(told) else _lists_in(line("\n".join(self.text[:1])))

    @property
    def event(self) -> Event:
        if self.type not in ("act-moveCard", "act-deleteCard"):
            return Ignored(Reason.UNSUPPORTED, f"WeKan’s “{self.type}” never makes an entry.")
        if not line(self.body.get("cardId")):
            return Ignored(Reason.UNSUPPORTED, "It names no card.")
        if self.type == "act-deleteCard":
            return Retract(key=self.key, as_of=self.at)
        return self._moved

    @property
    def _moved(self) -> Event:
        old, new = self.lists
        if not new:
            why = "It does not say in English, nor in “list”, to which list the card was moved."
            return Ignored(Reason.UNSUPPORTED, why)
        was_done, is_done = plain(old) in self.done, plain(new) in self.done
        if is_done and not was_done:
            return self._draft
        if was_done and not is_done:
            return Retract(key=self.key, as_of=self.at)
        return Ignored(Reason.UNSUPPORTED, WHY)

    @property
    def _draft(self) -> Event:
        user = line(self.body.get("user"))
        if not user:
            return Ignored(Reason.NO_PERSON, "WeKan does not say who moved the card.")
        return Draft(
            body=f"Completed “{line(self.body.get('card')) or 'untitled'}”",
            key=self.key,
            url=self.text[-1] if self.text else "",
            as_of=self.at,
            actor=Actor(uid=user, login=user),
        )


def _lists_in(sentence: str) -> tuple[str, str]:
    """Of “… from list "A" at swimlane "B" to list "C" at swimlane "D"”. From the right, since
    anybody may write anything into the name of a card, which stands before."""
    before, _, after = sentence.rpartition('" to list "')
    new = after.rpartition('" at swimlane "')[0]
    old = before.rpartition('" from list "')[2].rpartition('" at swimlane "')[0]
    return old, new
