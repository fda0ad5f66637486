"""Entries as messages: https://docs.slack.dev/reference/methods/chat.postMessage"""

from __future__ import annotations

from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import Client, Gone, Link
from idonethis.partners.slack.client import call
from idonethis.partners.slack.commands import escape

MARKS = {"done": ":white_check_mark:", "goal": ":dart:", "blocked": ":no_entry:"}
VERBS = {"done": "done", "goal": "goal", "blocked": "blocked"}


def message(entry: Entry) -> dict[str, Any]:
    """Escaped, so that nobody's text can call a whole channel; nothing unfolds by itself."""
    text = f"{MARKS[entry.kind]} *{escape(str(entry.user))}* ({VERBS[entry.kind]}) "
    text += escape(entry.body)
    if entry.url.startswith("https://"):
        text += f" <{escape(entry.url).replace('|', '%7C')}|open>"
    if entry.completed_on:
        text += " _completed_"
    return {"text": text, "unfurl_links": False, "unfurl_media": False}


def post(entry: Entry, link: Link, client: Client) -> str:
    posted = call(client, "chat.postMessage", channel=link.subject, **message(entry))
    return f"{posted['channel']}:{posted['ts']}"


def update(entry: Entry, client: Client, reference: str) -> None:
    """A message that somebody deleted there stays deleted."""
    channel, _, ts = reference.partition(":")
    try:
        call(client, "chat.update", channel=channel, ts=ts, **message(entry))
    except Gone as problem:
        if "message_not_found" not in str(problem):
            raise


def retract(client: Client, reference: str) -> None:
    channel, _, ts = reference.partition(":")
    try:
        call(client, "chat.delete", channel=channel, ts=ts)
    except Gone as problem:
        if "message_not_found" not in str(problem):
            raise
