"""``/done``, ``/goal`` and ``/blocker``: https://docs.slack.dev/interactivity/implementing-slash-commands"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from idonethis.entries import text
from idonethis.integrations.base import (
    Directory,
    Draft,
    Event,
    Found,
    Ignored,
    Reason,
    Response,
)
from idonethis.partners.slack.payload import Sent, plain

KINDS = {"/done": "done", "/goal": "goal", "/blocker": "blocked"}
WORDS = {"done": "Done", "goal": "Goal", "blocked": "Blocker"}
#: The identifier of the button that takes back what a command logged.
UNDO = "undo"
HELP = (
    "Type what you got done: `/done shipped billing #api`. One line is one entry; a line that "
    "starts with `[]` is a goal, with `!` a blocker. `/goal` and `/blocker` work the same way."
)


def key(sent: Sent) -> str:
    """The same for a command that is sent again within the minute: Slack shows people a time-out
    when an answer is late, and they press Enter once more."""
    said = (sent.workspace, sent.place, sent.person, sent.text("command"), sent.text("text"))
    parts = json.dumps([*said, sent.at // 60])
    return f"command:{hashlib.sha256(parts.encode()).hexdigest()[:32]}"


def lines(sent: Sent) -> list[text.Line]:
    kind = KINDS.get(sent.text("command"), "done")
    return text.parse(plain(sent.text("text")), kind=kind)


def read(sent: Sent) -> Iterator[Event]:
    said = lines(sent)
    if not said:
        yield Ignored(Reason.UNSUPPORTED, "The command came without a text, so help was shown.")
    for number, line in enumerate(said):
        yield Draft(body=line.body, kind=line.kind, key=f"{key(sent)}:{number}", actor=sent.actor)


def reply(sent: Sent, directory: Directory) -> Response:
    """What the person sees at once, whether or not the worker has got to it."""
    said = lines(sent)
    if not said:
        return _only_you(HELP)
    found = directory.find(sent.actor, sent.address)
    if found:
        return Response.json(receipt(sent, said, found))
    if not directory.is_linked(sent.address):
        return _only_you(
            "No team is linked to this workspace yet, so nothing was logged. "
            "An admin of a team can link it under Integrations."
        )
    url = directory.claim_url(sent.actor)
    return _only_you(
        f"I do not know you yet. What you typed is kept: <{url}|tell me who you are>, "
        "and it is logged with today's date."
    )


def receipt(sent: Sent, said: Sequence[text.Line], found: Found) -> dict[str, Any]:
    day = f"{found.today:%a} {found.today.day} {found.today:%b}"
    told = [f"*{WORDS[line.kind]}* · {found.team} · {day} · {escape(line.body)}" for line in said]
    cut = any(len(line.body) == text.LONGEST for line in said)
    if cut:
        told.append(f"_Cut to {text.LONGEST} characters._")
    body = "\n".join(told)
    value = json.dumps([key(sent), len(said)])
    undo = {"type": "button", "text": _plain("Undo"), "action_id": UNDO, "value": value}
    log = {"type": "button", "text": _plain("Open the log"), "url": found.log_url}
    return {
        "response_type": "ephemeral",
        "text": body,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": body[:3000]}},
            {"type": "actions", "elements": [undo, log | {"action_id": "open_log"}]},
        ],
    }


def escape(words: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text#escaping"""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(words: str) -> dict[str, str]:
    return {"type": "plain_text", "text": words}


def _only_you(words: str) -> Response:
    return Response.json({"response_type": "ephemeral", "text": words})
