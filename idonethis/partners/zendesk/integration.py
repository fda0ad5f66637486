"""Zendesk: a solved ticket becomes a done of its assignee.

https://developer.zendesk.com/documentation/webhooks/"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Link,
    Place,
    Receives,
    Stamp,
    Text,
    line,
    record,
)
from idonethis.partners.zendesk.reading import Sent


class Zendesk(Receives):
    name = "Zendesk"
    category = "Support and sales"
    tagline = "Solved tickets become dones of whom they are assigned to."
    asks = Asks(place=Place("group", "groups", usual="every group"), labels=True)
    # https://developer.zendesk.com/documentation/webhooks/verifying/
    signature = Hmac(
        "X-Zendesk-Webhook-Signature",
        encoding=Text.BASE64,
        template="{timestamp}{body}",
        stamp=Stamp("X-Zendesk-Webhook-Signature-Timestamp"),
    )
    their_secret = "Zendesk shows it on the page of the webhook, under Reveal secret."  # noqa: S105
    # https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/
    delivery_header = "X-Zendesk-Webhook-Invocation-Id"

    def summary(self, link: Link) -> str:
        return "Logs solved tickets"

    def event(self, hook: Hook) -> str:
        happened = line(record(hook.json).get("happened"))
        return f"ticket.{happened}"[:80] if happened else ""

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Sent.of(hook).told()


integration = Zendesk()
