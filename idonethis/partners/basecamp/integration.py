"""Basecamp: a completed to-do or card becomes a done of whoever completes it.

https://github.com/basecamp/bc3-api/blob/master/sections/webhooks.md"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Asks,
    Event,
    Hook,
    InAddress,
    Link,
    Place,
    Receives,
    Topic,
    line,
)
from idonethis.partners.basecamp.reading import Happening

TOPICS = {
    "todo": Topic("Completed to-dos", "completed to-dos"),
    "kanban_card": Topic("Completed cards", "completed cards"),
}


class Basecamp(Receives):
    name = "Basecamp"
    category = "Planning"
    tagline = "Completed to-dos and cards become dones of whoever completes them."
    asks = Asks(topics=TOPICS, bots=True, place=Place("project", "projects", usual="every project"))
    # https://github.com/basecamp/bc3-api/blob/master/sections/webhooks.md: nothing is signed.
    signature = InAddress()

    def summary(self, link: Link) -> str:
        said = self.asks.said(link.config)
        return f"Logs {' and '.join(said) or 'nothing'}"

    def check_readable(self, hook: Hook) -> None:
        Happening.of(hook.json)

    def delivery_key(self, hook: Hook) -> str:
        """What is sent again, up to ten times, carries the same id."""
        return line(Happening.of(hook.json).body.get("id")) or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        return Happening.of(hook.json).kind[:80]

    def topic(self, hook: Hook) -> str:
        return Happening.of(hook.json).thing

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Happening.of(hook.json).event


integration = Basecamp()
