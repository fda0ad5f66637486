"""What comes of something that is read again, or read from the past, for the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from idonethis.integrations.models.telling import Outcome
from idonethis.integrations.values import Reason


class Result(StrEnum):
    """In the order of how much changes."""

    NEW = "new"
    CHANGED = "changed"
    TAKEN_BACK = "taken_back"
    SUGGESTED = "suggested"
    SAME = "same"
    ASKED = "asked"
    NOTHING = "nothing"

    @classmethod
    def of(cls, outcome: Outcome) -> Result:
        """A rule may take back what it let through before, whole or in part."""
        if outcome.freed:
            return cls.TAKEN_BACK
        if outcome.suggestion and not outcome.entry:
            return cls.SUGGESTED if outcome.changed else cls.NOTHING
        if not outcome.entry:
            return cls.NOTHING
        meant = MEANT.get(outcome.reason, cls.SAME)  # type: ignore[arg-type]
        return cls.CHANGED if meant is cls.SAME and outcome.changed else meant


MEANT = {
    Reason.CREATED: Result.NEW,
    Reason.UPDATED: Result.CHANGED,
    Reason.MERGED: Result.CHANGED,
    Reason.RETRACTED: Result.TAKEN_BACK,
    Reason.NOTHING_TO_CHANGE: Result.NOTHING,
}
#: Those that somebody will see: who reads the log, or who is asked.
CHANGES = (Result.NEW, Result.CHANGED, Result.TAKEN_BACK, Result.SUGGESTED)
WORDS: Mapping[str, tuple[str, str]] = {
    Result.NEW: ("entry made", "entries made"),
    Result.CHANGED: ("entry brought up to date", "entries brought up to date"),
    Result.TAKEN_BACK: ("entry taken back", "entries taken back"),
    Result.SUGGESTED: ("suggestion made or changed", "suggestions made or changed"),
    Result.SAME: ("entry was there already", "entries were there already"),
    Result.ASKED: (
        "thing is asked about at its partner",
        "things are asked about at their partner",
    ),
    Result.NOTHING: ("thing makes no entry", "things make no entry"),
}


def weightiest(outcomes: Iterable[Outcome]) -> Outcome:
    """Of several that one hook ends in, the one by which most changes."""
    order = list(Result)
    return min(outcomes, key=lambda outcome: order.index(Result.of(outcome)))


#: What is said of those that make no entry, and of those that change nothing.
WHY = {
    Reason.STAYS_DELETED: "deleted by a person, and stay so",
    Reason.NOTHING_TO_CHANGE: "have no entry that they would change",
    Reason.UNSUPPORTED: "of a kind that never makes an entry",
    Reason.FILTERED: "left out by the settings of the link",
    Reason.BOT: "by bots, which the link leaves out",
    Reason.PRIVATE: "of a private place, which the link leaves out",
    Reason.SUGGESTED: "suggested to their person",
    Reason.DISMISSED: "dismissed by their person",
    Reason.EXPIRED: "suggested to their person, who did not decide",
    Reason.DECIDED: "what somebody said to a suggestion",
    Reason.NO_PERSON: "by people whom nobody here knows yet",
    Reason.NOT_IN_TEAM: "by people who do not write in the team",
    Reason.NO_LINK: "from where nobody here is linked to",
    Reason.LINK_PAUSED: "read while the link is paused",
    Reason.LINK_REMOVED: "read after the link was removed",
    Reason.NOT_THEIRS: "about what belongs to somebody else",
    Reason.VANISHED: "about what is no longer there",
    Reason.FAILED: "could not be read",
    Reason.UNREADABLE: "could not be read",
}
