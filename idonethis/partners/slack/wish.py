"""What somebody in Slack wants logged, by a command or from a message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from idonethis.entries.text import Line
from idonethis.integrations.base import Draft, Retract
from idonethis.partners.slack.payload import Sent

#: The most entries of one wish: more lines than a message of Slack's can hold.
MOST = 1000


@dataclass(frozen=True)
class Wish:
    """``mark`` names it among all wishes of the person; ``echoes`` are marks under which the same
    wish may come again."""

    sent: Sent
    lines: tuple[Line, ...]
    mark: str
    echoes: tuple[str, ...] = ()
    url: str = ""

    def drafts(self) -> Iterator[Draft]:
        for number, line in enumerate(self.lines):
            yield Draft(
                body=line.body,
                kind=line.kind,
                key=key(self.sent, self.mark, number),
                stands_for=tuple(key(self.sent, echo, number) for echo in self.echoes),
                url=self.url,
                occurred_at=self.sent.at,
                as_of=self.sent.at,
                actor=self.sent.actor,
            )

    @property
    def lost(self) -> list[str]:
        """The ends that were too long for an entry."""
        return [line.rest for line in self.lines if line.rest]


def key(sent: Sent, mark: str, number: int) -> str:
    """The person is part of the key, and always who is asking: nobody reaches another's entries,
    whatever a button carries."""
    return f"{sent.uid}:{mark}:{number}"


def taken_back(sent: Sent, mark: str, count: int) -> Iterator[Retract]:
    """No actor, since the key is the person's own; so that the same words, sent again later, bring
    the entry back."""
    for number in range(min(count, MOST)):
        yield Retract(key=key(sent, mark, number), as_of=sent.at)
