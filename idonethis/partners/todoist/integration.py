"""Todoist: a completed task becomes a done.

https://developer.todoist.com/api/v1/#tag/Webhooks"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Link,
    Receives,
    Text,
    line,
    record,
)
from idonethis.partners.todoist.reading import Happening


class Todoist(Receives):
    name = "Todoist"
    category = "Planning"
    tagline = "Completed tasks become dones of whoever completes them."
    asks = Asks(labels=True)
    # https://developer.todoist.com/api/v1/#tag/Webhooks: with the client secret of the application.
    signature = Hmac("X-Todoist-Hmac-SHA256", encoding=Text.BASE64)
    their_secret = (
        "Todoist shows it in its App Management Console, as the client secret of your app."  # noqa: S105
    )
    delivery_header = "X-Todoist-Delivery-ID"

    def summary(self, link: Link) -> str:
        return "Logs completed tasks"

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("event_name"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Happening.of(hook.json).event


integration = Todoist()
