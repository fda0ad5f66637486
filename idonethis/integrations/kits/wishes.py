"""What somebody at a partner wants logged, in words that they typed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from idonethis.entries.text import LONGEST, Line
from idonethis.integrations.base import Actor, Draft, Found, Retract

WORDS = {"done": "Done", "goal": "Goal", "blocked": "Blocker"}
#: So much is shown of a wish, in characters and entries.
LINE, LINES = 250, 10


@dataclass(frozen=True)
class Wish:
    """``mark`` names it among all wishes of the person; ``echoes`` are marks under which the same
    wish may come again. ``at`` is when it was typed, ``as_of`` when these words were."""

    actor: Actor
    lines: tuple[Line, ...]
    mark: str
    at: datetime | None = None
    as_of: datetime | None = None
    echoes: tuple[str, ...] = ()
    url: str = ""

    def drafts(self) -> Iterator[Draft]:
        for number, line in enumerate(self.lines):
            yield Draft(
                body=line.body,
                kind=line.kind,
                key=_key(self.actor, self.mark, number),
                stands_for=tuple(_key(self.actor, echo, number) for echo in self.echoes),
                url=self.url,
                occurred_at=self.at,
                as_of=self.as_of or self.at,
                actor=self.actor,
            )

    @property
    def shown(self) -> list[str]:
        """A line for each entry, as a person reads it; the words in it are theirs."""
        shown = [f"{WORDS[line.kind]}: {short(line.body)}" for line in self.lines[:LINES]]
        more = len(self.lines) - LINES
        return [*shown, f"… and {more} more", *self._cut] if more > 0 else [*shown, *self._cut]

    @property
    def _cut(self) -> list[str]:
        """So that nobody finds out later that half of it is missing."""
        lost = [line.rest for line in self.lines if line.rest]
        return [
            f"{len(rest)} characters were cut off, since an entry holds {LONGEST}: “{short(rest)}”"
            for rest in lost[:2]
        ]

    def receipt(self, found: Found) -> list[str]:
        """Team, day, and each entry: a line each, of text of people."""
        return [f"{found.team} · {found.today:%a} {found.today.day} {found.today:%b}", *self.shown]


def _key(actor: Actor, mark: str, number: int) -> str:
    """The person is part of the key, and always who is asking: nobody reaches another's entries,
    whatever a button carries."""
    return f"{actor.uid}:{mark}:{number}"


def taken_back(
    actor: Actor, mark: str, numbers: Iterable[int], *, as_of: datetime | None
) -> Iterator[Retract]:
    """Some lines of a wish. No actor, since the key is the person's own; so that the same words,
    sent again later, bring the entry back."""
    for number in numbers:
        yield Retract(key=_key(actor, mark, number), as_of=as_of)


def short(body: str) -> str:
    return body if len(body) <= LINE else f"{body[:LINE].rstrip()}…"
