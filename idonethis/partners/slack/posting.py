"""Entries as messages: https://docs.slack.dev/reference/methods/chat.postMessage"""

from __future__ import annotations

from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import Client, Link, Message
from idonethis.partners.slack.client import call
from idonethis.partners.slack.mrkdwn import escape, link

#: Nothing is made of names and addresses in the text; nothing unfolds by itself.
QUIET = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}


def text(entry: Entry) -> str:
    said = Message.of(entry)
    lines = [f"{said.sign} *{said.word}* · {escape(said.who)}", escape(said.body)]
    if said.url:
        lines.append(link(said.url, said.label))
    return "\n".join(lines)


def post(entry: Entry, link: Link, client: Client) -> str:
    """Slack has no key by which a call that is repeated after a lost answer would count once."""
    posted = call(client, "chat.postMessage", channel=link.subject, text=text(entry), **QUIET)
    return f"{posted['channel']}:{posted['ts']}"


def update(entry: Entry, client: Client, reference: str) -> None:
    """A message that somebody deleted in Slack stays deleted, like an entry deleted here.
    https://docs.slack.dev/reference/methods/chat.update"""
    _change(client, "chat.update", reference, text=text(entry), parse="none", link_names=False)


def retract(client: Client, reference: str) -> None:
    """https://docs.slack.dev/reference/methods/chat.delete"""
    _change(client, "chat.delete", reference)


def _change(client: Client, method: str, reference: str, **content: Any) -> None:
    channel, _, ts = reference.partition(":")
    call(client, method, channel=channel, ts=ts, **content)
