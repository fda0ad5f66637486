"""Buttons and the message shortcut: https://docs.slack.dev/interactivity/handling-user-interaction"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from idonethis.entries.text import clean
from idonethis.integrations.base import (
    Directory,
    Draft,
    Ended,
    Event,
    Ignored,
    Note,
    Reason,
    Retract,
)
from idonethis.partners.slack.commands import UNDO
from idonethis.partners.slack.payload import Sent, plain, record

#: The identifier of the message shortcut in our manifest.
LOG_THIS = "log_this"


def pressed(sent: Sent) -> Iterator[Event]:
    """Undo takes back what one command logged, for who typed it."""
    actions = sent.body.get("actions")
    for action in actions if isinstance(actions, list) else []:
        yield from _undone(sent, record(action))


def _undone(sent: Sent, action: Any) -> Iterator[Event]:
    if action.get("action_id") != UNDO:
        yield Ignored(Reason.UNSUPPORTED, "Opening the log changes nothing.")
        return
    try:
        key, count = json.loads(action.get("value") or "")
        keys = [f"{key}:{number}" for number in range(min(int(count), 100))]
    except (TypeError, ValueError):
        yield Ignored(Reason.UNSUPPORTED, "The button carried nothing of ours.")
        return
    for each in keys:
        yield Retract(key=each, actor=sent.actor)


def shortcut(sent: Sent) -> Iterator[Event]:
    """“Log this” logs a message as a done of who pressed it: theirs is the claim that it counts."""
    message = sent["message"]
    if sent.text("callback_id") != LOG_THIS:
        yield Ignored(Reason.UNSUPPORTED, "This shortcut is not ours.")
        return
    stamp = str(message.get("ts") or "")
    words = " ".join(clean(plain(str(message.get("text") or ""))).split())
    if not words:
        yield Ignored(Reason.UNSUPPORTED, "The message has no text to log.")
        return
    yield Draft(
        body=words,
        key=f"message:{sent.workspace}/{sent.place}/{stamp}:{sent.person}",
        url=_permalink(sent, stamp),
        actor=sent.actor,
    )


def _permalink(sent: Sent, stamp: str) -> str:
    domain = sent["team"].get("domain")
    path = f"archives/{sent.place}/p{stamp.replace('.', '')}"
    return f"https://{domain}.slack.com/{path}" if domain and stamp else ""


def note(sent: Sent, ended: Ended, directory: Directory) -> Note | None:
    """Tells the person how it ended: Slack shows nothing of what a request is answered with.
    https://docs.slack.dev/interactivity/handling-user-interaction#message_responses"""
    url = sent.text("response_url")
    if not url or sent.kind not in ("block_actions", "message_action"):
        return None
    if ended.reason is Reason.RETRACTED:
        return Note(url, {"replace_original": True, "text": "Taken back. Nothing is logged."})
    if ended.reason in (Reason.CREATED, Reason.DUPLICATE):
        return Note(url, {"response_type": "ephemeral", "text": "Logged as done."})
    if ended.reason is Reason.NO_PERSON:
        claim = directory.claim_url(sent.actor)
        words = f"I do not know you yet: <{claim}|tell me who you are>, and it is logged."
        return Note(url, {"response_type": "ephemeral", "text": words})
    if sent.kind == "message_action":
        return Note(url, {"response_type": "ephemeral", "text": f"Not logged. {ended.why}"})
    return None
