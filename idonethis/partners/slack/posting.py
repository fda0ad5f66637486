"""Entries as messages: https://docs.slack.dev/reference/methods/chat.postMessage"""

from __future__ import annotations

from typing import Any

from idonethis.entries.models import Entry
from idonethis.entries.text import one_line
from idonethis.integrations.base import Client, Link
from idonethis.partners.slack.client import call
from idonethis.partners.slack.mrkdwn import escape, link
from idonethis.partners.slack.refusals import NoMessage

#: By kind and whether it is completed: a sign for who looks, a word for who listens.
WORDS = {
    ("done", False): "✅ *Done*",
    ("goal", False): "🎯 *Goal*",
    ("goal", True): "🏁 *Goal reached*",
    ("blocked", False): "🚧 *Blocker*",
    ("blocked", True): "🏁 *Blocker out of the way*",
}
#: Nothing is made of names and addresses in the text; nothing unfolds by itself.
QUIET = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}


def text(entry: Entry) -> str:
    word = WORDS.get((entry.kind, bool(entry.completed_on)), "✅ *Done*")
    lines = [f"{word} · {escape(one_line(str(entry.user)))}", escape(entry.body)]
    if entry.url:
        lines.append(link(entry.url, entry.origin_label or "Open"))
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
    try:
        call(client, method, channel=channel, ts=ts, **content)
    except NoMessage:
        return
