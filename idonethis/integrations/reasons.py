"""What each end means for people: its word, a sentence, and what may be done about it. Pages,
commands, the API and docs/reasons.md all take it from here."""

from __future__ import annotations

from dataclasses import dataclass

from idonethis.integrations.fixes import Fix
from idonethis.integrations.values import Reason


@dataclass(frozen=True)
class Ending:
    """``word`` stands on the chip, in the colour of ``tone``: ok, bad, wait, or none."""

    word: str
    tone: str
    sentence: str
    fix: Fix | None = None

    @property
    def needs_somebody(self) -> bool:
        return self.tone in ("wait", "bad") and self.fix is not None


#: How hooks that were stored end.
ENDINGS: dict[str, Ending] = {
    Reason.CREATED: Ending("Logged", "ok", "It became an entry."),
    Reason.UPDATED: Ending("Updated", "ok", "It brought its entry up to date."),
    Reason.MERGED: Ending("Joined", "ok", "It became part of an entry that stands for it."),
    Reason.RETRACTED: Ending("Taken back", "ok", "It took its entry back."),
    Reason.DUPLICATE: Ending("Duplicate", "", "Its entry was there already and says the same."),
    Reason.STAYS_DELETED: Ending(
        "Stays deleted", "", "A person deleted its entry, so it stays deleted.", Fix.SEE_ENTRY
    ),
    Reason.UNSUPPORTED: Ending("Ignored", "", "This kind of event makes no entry."),
    Reason.PING: Ending("Ping", "", "The partner tried the address."),
    Reason.FILTERED: Ending(
        "Filtered", "", "The settings of the link leave it out.", Fix.EDIT_RULES
    ),
    Reason.BOT: Ending(
        "Bot", "", "A bot did it, and the link leaves out what bots do.", Fix.EDIT_RULES
    ),
    Reason.PRIVATE: Ending(
        "Private", "", "The link keeps what is private out of the log.", Fix.EDIT_RULES
    ),
    Reason.SUGGESTED: Ending(
        "Suggested", "wait", "The person it names decides whether it is logged."
    ),
    Reason.DISMISSED: Ending("Dismissed", "", "The person it names did not want it logged."),
    Reason.EXPIRED: Ending("Not decided", "", "The person it names let the suggestion pass."),
    Reason.DECIDED: Ending("Decided", "ok", "By it somebody decided about a suggestion."),
    Reason.NO_PERSON: Ending(
        "Unmatched", "wait", "Nobody in the team is known to be who did it.", Fix.MATCH
    ),
    Reason.NOT_IN_TEAM: Ending(
        "Not in the team", "wait", "Who did it does not write in the team.", Fix.ADD_MEMBER
    ),
    Reason.NO_LINK: Ending(
        "No link", "wait", "No team is linked to where it happened.", Fix.LINK_IT
    ),
    Reason.LINK_PAUSED: Ending("Paused", "wait", "The link was paused.", Fix.RESUME),
    Reason.STORM_HELD: Ending(
        "Dropped", "wait", "It came in a storm, and was dropped with the rest of it.", Fix.REPLAY
    ),
    Reason.LINK_REMOVED: Ending("Removed", "", "The link was removed before.", Fix.REMOVE_THERE),
    Reason.NOT_THEIRS: Ending(
        "Not theirs", "bad", "It would have changed the entry of somebody else. Nothing changed."
    ),
    Reason.NOTHING_TO_CHANGE: Ending(
        "Nothing to change", "", "There is no entry that it would change."
    ),
    Reason.VANISHED: Ending(
        "Gone there", "", "What it is about is no longer there at the partner."
    ),
    Reason.DISCONNECTED: Ending(
        "Disconnected", "bad", "The partner says that our access has ended.", Fix.RECONNECT
    ),
    Reason.FAILED: Ending("Failed", "bad", "It could not be made sense of.", Fix.REPLAY),
    Reason.UNREADABLE: Ending(
        "Unreadable", "bad", "The body is not what it says it is.", Fix.CHECK_FORMAT
    ),
}
#: Why hooks are refused; those are counted, and not stored.
REFUSALS: dict[str, Ending] = {
    Reason.BAD_SIGNATURE: Ending(
        "Wrong signature", "bad", "It was not signed with the secret.", Fix.CHECK_SECRET
    ),
    Reason.TOO_OLD: Ending(
        "Too old", "bad", "It was signed minutes before or after it came.", Fix.CHECK_CLOCK
    ),
    Reason.TOO_LARGE: Ending(
        "Too large", "bad", "The body is larger than this server takes.", Fix.RAISE_LIMIT
    ),
    Reason.UNKNOWN_ENDPOINT: Ending(
        "Unknown address", "bad", "No link has this address.", Fix.CHECK_ADDRESS
    ),
    Reason.NOT_YET: Ending(
        "Not yet", "wait", "The link was just being made; the partner was told to come back."
    ),
    Reason.TOO_FAST: Ending(
        "Too fast", "wait", "The partner was told to send it later, since so many came at once."
    ),
    Reason.UNREADABLE: ENDINGS[Reason.UNREADABLE],
    Reason.LINK_REMOVED: ENDINGS[Reason.LINK_REMOVED],
}
#: Of what is in the inbox and not through.
WAITING, ASKING, IN_STORM = "waiting", "asking", "in_storm"
UNREAD: dict[str, Ending] = {
    WAITING: Ending("Waiting", "wait", "It is processed in a moment."),
    ASKING: Ending("Asking", "wait", "It says little, so the partner is asked for the rest."),
    IN_STORM: Ending(
        "Held", "wait", "It came in a storm, and waits until somebody decides.", Fix.DECIDE
    ),
}
#: An outcome of another version of this program, or of a partner that is no longer installed.
OTHER = Ending("Ignored", "", "It made no entry.")

#: Ends for which somebody can do something.
ATTENTION = [code for code, each in ENDINGS.items() if each.needs_somebody]

#: How far deliveries are, by Delivery.result.
DELIVERIES: dict[str, Ending] = {
    "sent": Ending("Sent", "ok", "The partner has it as it stands."),
    "not_sent": Ending("Not sent", "", "The link does not send this kind of entry."),
    "waiting": Ending("Waiting", "wait", "It goes out in a moment."),
    "again": Ending("Trying again", "wait", "It did not arrive, and is tried again.", Fix.TRY_NOW),
    "held": Ending("Held", "bad", "The link is in trouble, so it waits.", Fix.RECONNECT),
    "failed": Ending("Failed", "bad", "It did not arrive, and is not tried any more.", Fix.TRY_NOW),
}
#: Of what waits since its partner takes no more just now.
PACED = "{partner} takes {pace}; {waiting}, the next goes out in {soon}."


def ending(result: str) -> Ending:
    """Of a receipt, by its result, or of what was refused, by its reason."""
    return UNREAD.get(result) or ENDINGS.get(result) or REFUSALS.get(result, OTHER)
