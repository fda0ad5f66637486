"""What comes of something that is read again, or read from the past, for the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from idonethis.integrations.models.reading import Outcome
from idonethis.integrations.values import Reason


class Turn(StrEnum):
    """In the order of how much changes."""

    NEW = "new"
    CHANGED = "changed"
    TAKEN_BACK = "taken_back"
    SAME = "same"
    NOTHING = "nothing"

    @classmethod
    def of(cls, outcome: Outcome) -> Turn:
        if not outcome.entry:
            return cls.NOTHING
        return TURNS.get(outcome.reason, cls.SAME)  # type: ignore[arg-type]


TURNS = {
    Reason.CREATED: Turn.NEW,
    Reason.UPDATED: Turn.CHANGED,
    Reason.MERGED: Turn.CHANGED,
    Reason.RETRACTED: Turn.TAKEN_BACK,
    Reason.NOTHING_TO_CHANGE: Turn.NOTHING,
}
#: Those that somebody who reads the log will see.
CHANGES = (Turn.NEW, Turn.CHANGED, Turn.TAKEN_BACK)
WORDS: Mapping[str, tuple[str, str]] = {
    Turn.NEW: ("entry made", "entries made"),
    Turn.CHANGED: ("entry brought up to date", "entries brought up to date"),
    Turn.TAKEN_BACK: ("entry taken back", "entries taken back"),
    Turn.SAME: ("entry was there already", "entries were there already"),
    Turn.NOTHING: ("thing makes no entry", "things make no entry"),
}


def weightiest(outcomes: Iterable[Outcome]) -> Outcome:
    """Of several that one hook ends in, the one by which most changes."""
    order = list(Turn)
    return min(outcomes, key=lambda outcome: order.index(Turn.of(outcome)))
