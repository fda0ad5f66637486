"""What people in Slack get to read in answer, each seen by one person alone.

https://docs.slack.dev/messaging#ephemeral and https://docs.slack.dev/reference/block-kit"""

from __future__ import annotations

from typing import Any

import orjson

from idonethis.integrations.base import Directory, Found, Reason
from idonethis.integrations.kits.wishes import Wish
from idonethis.partners.slack.mrkdwn import escape, link
from idonethis.partners.slack.payload import Sent

#: The identifiers of our buttons.
UNDO, OPEN = "undo", "open_log"
HELP = (
    "Say what you got done: `/done shipped billing #api`\n"
    "What you plan: `/goal write the docs`. What is in your way: `/blocker waiting for DNS`\n"
    "Each line is an entry of its own; one that starts with `[]` is a goal, with `!` a blocker.\n"
    "To log what stands in a message already, choose *Log this* in its menu.\n"
    "`/done` alone lists what is suggested to you, if anything is."
)
REFUSALS = {
    Reason.NO_LINK: "Nothing was logged: no team is linked to this workspace yet. An admin of a "
    "team can link it, under Integrations in the team's settings. Then send this again.",
    Reason.NOT_IN_TEAM: "Nothing was logged: the team that is linked here does not know you as "
    "one who writes. Ask one of its admins to add you, then send this again.",
    Reason.LINK_PAUSED: "Not logged yet: the team has paused Slack. What you sent is kept, and "
    "an admin of the team can have it logged after resuming.",
}


def told(words: str) -> dict[str, Any]:
    """``words`` are Slack's markup: text of people in them must be escaped."""
    return {"response_type": "ephemeral", "text": words}


def receipt(wish: Wish, found: Found) -> dict[str, Any]:
    """Team, day, and each entry; with a button that takes them back. A section holds 3000
    characters, and a receipt stays below."""
    said = "\n".join(wish.receipt(found))
    blocks = [{"type": "section", "text": plain_text(said)}, _buttons(wish, found)]
    return told(escape(said)) | {"blocks": blocks}


def _buttons(wish: Wish, found: Found) -> dict[str, Any]:
    value = orjson.dumps([wish.mark, len(wish.lines)]).decode()
    undo, log = button("Undo", UNDO, value=value), button("Open the log", OPEN, url=found.log_url)
    return {"type": "actions", "elements": [undo, log]}


def button(label: str, name: str, **more: str) -> dict[str, Any]:
    return {"type": "button", "text": plain_text(label), "action_id": name, **more}


def plain_text(words: str) -> dict[str, Any]:
    """Nothing in it means anything to Slack but the names of emoji."""
    return {"type": "plain_text", "text": words, "emoji": True}


def refusal(reason: Reason, why: str, sent: Sent, *, directory: Directory) -> dict[str, Any]:
    """Why it was not logged, and what to do; ``why`` for reasons that are not foreseen here."""
    if reason is Reason.NO_PERSON:
        claim = link(directory.claim_url(sent.actor), "Say who you are")
        return told(
            f"I do not know you yet. What you sent is kept. {claim}, within a day, and it is "
            "logged with today's date."
        )
    return told(REFUSALS.get(reason) or f"Nothing was logged. {escape(why)}")
