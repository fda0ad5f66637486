"""Shortcut: a completed story or epic becomes a done.

https://developer.shortcut.com/api/webhook/v1"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Reason,
    Receives,
    Topic,
    line,
    record,
)
from idonethis.partners.shortcut.reading import Change

TOPICS = {
    "story": Topic("Completed stories", "completed stories"),
    "epic": Topic("Completed epics", "completed epics"),
}


class Shortcut(Receives):
    name = "Shortcut"
    category = "Planning"
    tagline = "Completed stories and epics become dones of whoever completes them."
    asks = Asks(topics=TOPICS)
    # https://developer.shortcut.com/api/webhook/v1: in hexadecimal, without a prefix.
    signature = Hmac("Payload-Signature")

    def summary(self, link: Link) -> str:
        said = self.asks.said(link.config)
        return f"Logs {' and '.join(said) or 'nothing'}"

    def check_readable(self, hook: Hook) -> None:
        Change.all_of(hook.json)

    def delivery_key(self, hook: Hook) -> str:
        """What is sent again carries the same id."""
        return line(record(hook.json).get("id")) or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        first = next(iter(Change.all_of(hook.json)), None)
        return f"{first.kind}.{line(first.action.get('action'))}"[:80] if first else ""

    def topic(self, hook: Hook) -> str:
        """Several things that are changed at once are of one kind."""
        return next((each.kind for each in Change.all_of(hook.json) if each.kind in TOPICS), "")

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        things = [each for each in Change.all_of(hook.json) if each.kind in TOPICS]
        for thing in things:
            yield thing.event
        if not things:
            yield Ignored(Reason.UNSUPPORTED, "Only stories and epics make entries.")


integration = Shortcut()
