"""Channels, to pick one. https://docs.slack.dev/reference/methods/conversations.list"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from idonethis.integrations.base import Choice, Client, Gone, Never, record, records
from idonethis.partners.slack.client import look
from idonethis.partners.slack.payload import word
from idonethis.partners.slack.refusals import ARCHIVED

#: As many as a picker shows. No page is fetched for more: Slack allows twenty calls a minute.
MOST = 30
#: Slack gives no more than 1000 at once; ten pages take half of a minute's calls.
PAGE, PAGES = 999, 10
KINDS = "public_channel,private_channel"


def matching(client: Client, query: str) -> list[Choice]:
    """Channels in whose name the query occurs: those that the app may see."""
    wanted = query.strip().lstrip("#").lower()
    found = (each for each in _all(client) if wanted in word(each, "name").lower())
    choices = [_choice(each) for each in islice(found, MOST)]
    return sorted(choices, key=lambda choice: not choice.label.startswith(f"#{wanted}"))


def _all(client: Client) -> Iterator[Mapping[str, Any]]:
    params = {"types": KINDS, "exclude_archived": "true", "limit": PAGE}
    for _ in range(PAGES):
        listed = look(client, "conversations.list", **params)
        yield from records(listed.get("channels"))
        params["cursor"] = word(record(listed.get("response_metadata")), "next_cursor")
        if not params["cursor"]:
            return


def _choice(channel: Mapping[str, Any]) -> Choice:
    """The name goes along, since later nobody asks Slack for it."""
    number, name = word(channel, "id"), word(channel, "name")
    return Choice(f"{number}|{name}", f"#{name}", "private" if channel.get("is_private") else "")


def check(client: Client, channel: str) -> None:
    """Raises Failed where nothing could be posted; without a channel nothing will be.
    https://docs.slack.dev/reference/methods/conversations.info"""
    if not channel:
        return
    about = record(look(client, "conversations.info", channel=channel).get("channel"))
    if about.get("is_archived"):
        raise Gone(ARCHIVED)
    if about.get("is_im") or about.get("is_mpim"):
        raise Never("That is a direct message, not a channel.")
