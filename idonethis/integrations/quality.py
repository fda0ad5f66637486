"""How far an integration can be relied on, in seven marks: worked out from what it declares and
from what its fixtures read as, so that nobody grades it, and nothing is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from idonethis.entries.drafts import Growing
from idonethis.integrations.base import (
    Backfills,
    Draft,
    Event,
    Integration,
    Posts,
    Reads,
    Receives,
    Registers,
    Retitle,
    Retract,
    Sends,
    Tells,
    Wakes,
)
from idonethis.integrations.examples import draft_of, told
from idonethis.integrations.signatures import Covers


class Grade(Enum):
    FULL = "yes"
    PARTLY = "partly"
    NONE = "no"


@dataclass(frozen=True)
class Mark:
    about: str
    grade: Grade
    why: str


@cache
def marks(integration: Integration) -> tuple[Mark, ...]:
    """Those that make sense for it: nobody backfills what only goes out."""
    return tuple(_marks(integration))


def full(integration: Integration) -> int:
    """How many of its marks are."""
    return sum(mark.grade is Grade.FULL for mark in marks(integration))


def _marks(integration: Integration) -> Iterator[Mark]:
    if isinstance(integration, Reads):
        events = told(integration)
        drafts = [draft for draft in map(draft_of, events) if draft]
        yield Mark("Signature", *_signature(integration))
        yield Mark("Once", *_once(drafts))
        yield Mark("People", *_people(integration, drafts))
        yield Mark("Edits", *_edits(events))
        yield Mark("Removal", *_removal(integration))
        yield Mark("Health", *_health(integration))
        yield Mark("Backfill", *_backfill(integration))
    if isinstance(integration, Posts):
        yield Mark("Edits going out", *_posted(integration))
        if not isinstance(integration, Reads):
            yield Mark("Health", *_health(integration))


COVERED = {
    Covers.BODY_AND_TIME: (Grade.FULL, "What is sent is signed, and when."),
    Covers.BODY: (Grade.FULL, "What is sent is signed."),
    Covers.SENDER: (Grade.PARTLY, "A secret comes with what is sent, which is not signed itself."),
    Covers.NOTHING: (Grade.PARTLY, "The secret stands in the address, and nothing is signed."),
}


def _signature(integration: Reads) -> tuple[Grade, str]:
    if isinstance(integration, Receives) and not isinstance(integration, Wakes):
        return COVERED[integration.signature.covers]
    return Grade.FULL, "This server asks there itself, so nobody else can say anything."


def _once(drafts: Iterable[Draft]) -> tuple[Grade, str]:
    if all(draft.key for draft in drafts):
        return Grade.FULL, "One thing is one entry, however often and in whatever order it comes."
    return Grade.PARTLY, "What is sent again is known; told in other words, it is another entry."


def _people(integration: Reads, drafts: Iterable[Draft]) -> tuple[Grade, str]:
    actors = [draft.actor for draft in drafts]
    if integration.oauth and any(actor.uid for actor in actors):
        return Grade.FULL, "Whoever connects is known for sure; the others, once somebody says it."
    if any(actor.email and actor.vouched for actor in actors):
        return Grade.FULL, "Whoever has verified the same mail address here is known at once."
    if any(actor.uid or actor.login for actor in actors):
        return Grade.PARTLY, "Somebody says once who it is, and from then on it is known."
    if any(actor.email or actor.name for actor in actors):
        return Grade.PARTLY, "Names and addresses are hints; somebody says who it is."
    return Grade.NONE, "Nobody is named: entries are of whom the link belongs to."


def _edits(events: Iterable[Event]) -> tuple[Grade, str]:
    said = {type(event) for event in events}
    if {Retitle, Retract} <= said:
        return Grade.FULL, "What is renamed or taken back there, is here, too."
    if Retract in said:
        return Grade.PARTLY, "What is taken back there, is here, too."
    if Retitle in said or any(issubclass(each, Growing) for each in said):
        return Grade.PARTLY, "What comes later joins or renames the entry that stands."
    return Grade.NONE, "What changes there later, changes nothing here."


def _removal(integration: Reads) -> tuple[Grade, str]:
    if isinstance(integration, Registers):
        return Grade.FULL, "The webhook there goes with its last link."
    if isinstance(integration, Receives):
        return Grade.PARTLY, "A link ends here at once; its webhook is removed there by hand."
    return Grade.FULL, "A link ends at once, and leaves nothing there."


def _health(integration: Integration) -> tuple[Grade, str]:
    if integration.answers.refusals:
        return Grade.FULL, "Its answers are understood one by one, and what is wrong is told."
    if isinstance(integration, Receives) and not integration.connects:
        return Grade.NONE, "It is never called, so only its silence can be noticed."
    return Grade.PARTLY, "Its answers are understood as everybody’s are."


def _backfill(integration: Reads) -> tuple[Grade, str]:
    if isinstance(integration, Backfills):
        return Grade.FULL, "What happened before can be taken over."
    return Grade.NONE, "It begins when the link is made."


def _posted(integration: Posts) -> tuple[Grade, str]:
    if isinstance(integration, Sends | Tells):
        return Grade.FULL, "What is edited or removed here, is there, too."
    return Grade.NONE, "A post stays there as it was."
