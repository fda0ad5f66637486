"""Trello: a card that is moved to a list such as Done, or marked as complete, becomes a done.

https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import Asks, Event, Hmac, Hook, Link, Place, Receives, Text, line
from idonethis.integrations.kits.boards import BoardForm, done_lists
from idonethis.partners.trello.reading import Happening


class Trello(Receives):
    name = "Trello"
    category = "Planning"
    tagline = "Cards that are moved to Done, or marked as complete, become dones."
    link_form = BoardForm
    asks = Asks(place=Place("board", "boards", usual="every board"))
    # https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/#webhook-signatures
    signature = Hmac(
        "X-Trello-Webhook", algorithm="sha1", encoding=Text.BASE64, template="{body}{url}"
    )
    their_secret = "Trello shows it beside the API key of your Power-Up, as the secret."  # noqa: S105

    def summary(self, link: Link) -> str:
        return "Logs cards that are done"

    def check_readable(self, hook: Hook) -> None:
        Happening.of(hook.json)

    def delivery_key(self, hook: Hook) -> str:
        """What is sent again carries the same action."""
        return line(Happening.of(hook.json).action.get("id")) or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        return Happening.of(hook.json).type[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Happening.of(hook.json, done=done_lists(link.config)).event


integration = Trello()
