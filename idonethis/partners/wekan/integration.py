"""WeKan: a card that is moved to a list such as Done becomes a done.

https://github.com/wekan/wekan/blob/main/docs/Webhooks/Webhook-data.md"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    AnyOf,
    Event,
    Hook,
    InAddress,
    Link,
    Receives,
    SharedToken,
    fingerprint,
)
from idonethis.integrations.kits.boards import BoardForm, done_lists
from idonethis.partners.wekan.reading import Activity


class Wekan(Receives):
    name = "WeKan"
    category = "Planning"
    tagline = "Cards that are moved to Done become dones of whoever moves them."
    link_form = BoardForm
    # https://github.com/wekan/wekan/blob/main/server/notifications/outgoing.js
    # Where there is no field for a token, the secret is a part of the address.
    signature = AnyOf((SharedToken("X-Wekan-Token"), InAddress()))

    def summary(self, link: Link) -> str:
        return "Logs cards that are done"

    def delivery_key(self, hook: Hook) -> str:
        """No body says when it was sent: a card that goes back and forth is told alike each time.
        Nothing is sent again, so what comes in the same second is the same."""
        return f"{hook.received_at:%Y-%m-%dT%H:%M:%S}:{fingerprint(hook.body)}"

    def event(self, hook: Hook) -> str:
        return Activity.of(hook).type[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Activity.of(hook, done=done_lists(link.config)).event


integration = Wekan()
