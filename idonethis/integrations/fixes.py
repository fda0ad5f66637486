"""What people can do about how something ended."""

from __future__ import annotations

from enum import Enum


class Fix(Enum):
    """What somebody can do so that it turns out differently: a name for programs, the words on the
    button, and a sentence in which ``{partner}`` is who sent it."""

    MATCH = (
        "match",
        "Say who it is",
        "Say which person that account is. What waited is logged then, each on its day.",
    )
    ADD_MEMBER = (
        "add_member",
        "Open the people of the team",
        "Ask an admin to let the person write in the team. What waited is logged then.",
    )
    RESUME = (
        "resume",
        "Resume the link, and log it",
        "Resume the link. What came meanwhile can be logged, each on its day.",
    )
    RECONNECT = (
        "reconnect",
        "Connect it again",
        "Connect {partner} again. What waited goes out then, in order.",
    )
    PUT_RIGHT = (
        "put_right",
        "Open the link to put it right",
        "Put right what the page of the link says. What waited goes out then, in order.",
    )
    GRANT = (
        "grant",
        "Ask for the permission",
        "Our account at {partner} may not do this. Ask for the permission there. What waited goes "
        "out then, in order.",
    )
    EDIT_RULES = (
        "edit_rules",
        "Change the settings of the link",
        "Change what the link logs. What it has left out can be logged then, each on its day.",
    )
    LINK_IT = (
        "link_it",
        "Link it to a team",
        "Link the place at {partner} where it happened. What came from there can be logged then.",
    )
    DECIDE = (
        "decide",
        "Open the link to decide",
        "Say on the page of the link whether what is held is logged, folded or dropped.",
    )
    REPLAY = ("replay", "Process it again", "Process it again, from what was stored.")
    TRY_NOW = ("try_now", "Try now", "Send it at once, without waiting for the next attempt.")
    SEE_ENTRY = (
        "see_entry",
        "Open the entry",
        "Look at the entry. A removed one can be brought back.",
    )
    CHECK_SECRET = (
        "check_secret",
        "Compare the secret",
        "Is the secret at {partner} the one that the link shows?",
    )
    CHECK_CLOCK = (
        "check_clock",
        "Open the link",
        "Is the clock of this server right? Somebody may also be sending old hooks again.",
    )
    CHECK_FORMAT = (
        "check_format",
        "Open the link",
        "Does {partner} send JSON, and not compressed?",
    )
    RAISE_LIMIT = (
        "raise_limit",
        "Open the link",
        "Nothing of it was stored. An administrator of this server can raise HOOK_BODY_LIMIT; then "
        "let {partner} send it again.",
    )
    CHECK_ADDRESS = (
        "check_address",
        "Compare the address",
        "Is the address at {partner} one that a link shows?",
    )
    REMOVE_THERE = (
        "remove_there",
        "Open the integrations of the team",
        "The webhook still stands at {partner}. Remove it there, or link it again.",
    )

    def __init__(self, code: str, label: str, advice: str) -> None:
        self.code = code
        self.label = label
        self.advice = advice

    def advice_on(self, partner: str) -> str:
        return self.advice.replace("{partner}", partner)
