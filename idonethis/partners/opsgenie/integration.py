"""Opsgenie: an alert that somebody closes becomes a done.

https://docs.opsgenie.com/docs/webhook-integration"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Asks,
    Event,
    Hook,
    Link,
    Receives,
    SharedToken,
    line,
    record,
)
from idonethis.partners.opsgenie.reading import told


class Opsgenie(Receives):
    name = "Opsgenie"
    category = "Operations"
    tagline = "Alerts that somebody closes become dones."
    asks = Asks(labels=True)
    # It signs nothing, but sends headers of one's own:
    # https://docs.opsgenie.com/docs/webhook-integration
    signature = SharedToken("X-Idonethis-Token")

    def summary(self, link: Link) -> str:
        return "Logs alerts that somebody closes"

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("action"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield told(hook.json)


integration = Opsgenie()
