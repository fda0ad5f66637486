"""Intercom: a conversation that a teammate closes becomes a done.

https://developers.intercom.com/docs/webhooks"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Link,
    Receives,
    fingerprint,
    line,
    record,
)
from idonethis.partners.intercom.reading import Notification


class Intercom(Receives):
    name = "Intercom"
    category = "Support and sales"
    tagline = "Conversations that a teammate closes become dones."
    asks = Asks(bots=True, labels=True)
    # https://developers.intercom.com/docs/webhooks/setting-up-webhooks#signed-notifications
    signature = Hmac("X-Hub-Signature", prefix="sha1=", algorithm="sha1")
    their_secret = "Intercom shows it under Basic information, as the client secret of the app."  # noqa: S105

    def summary(self, link: Link) -> str:
        return "Logs closed conversations"

    def check_readable(self, hook: Hook) -> None:
        Notification.of(hook.json)

    def delivery_key(self, hook: Hook) -> str:
        """A ping has no name of its own."""
        return line(record(hook.json).get("id")) or fingerprint(hook.body)

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("topic"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Notification.of(hook.json).told()


integration = Intercom()
