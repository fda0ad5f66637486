"""Freshdesk: a resolved ticket becomes a done of its agent.

https://support.freshdesk.com/support/solutions/articles/132589"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Asks,
    Event,
    Hook,
    Link,
    Place,
    Receives,
    SharedToken,
    fingerprint,
    line,
    record,
)
from idonethis.partners.freshdesk.reading import Sent


class Freshdesk(Receives):
    name = "Freshdesk"
    category = "Support and sales"
    tagline = "Resolved tickets become dones of their agent."
    asks = Asks(place=Place("group", "groups", usual="every group"), labels=True)
    # It signs nothing, but a rule sends headers of one's own:
    # https://support.freshdesk.com/support/solutions/articles/132589
    signature = SharedToken("X-Idonethis-Token")

    def summary(self, link: Link) -> str:
        return "Logs resolved tickets"

    def delivery_key(self, hook: Hook) -> str:
        """A ticket that is resolved, opened and resolved again says the same as at first."""
        return f"{hook.received_at:%Y-%m-%dT%H:%M}:{fingerprint(hook.body)}"

    def event(self, hook: Hook) -> str:
        happened = line(record(hook.json).get("happened"))
        return f"ticket.{happened}"[:80] if happened else ""

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Sent.of(hook).told()


integration = Freshdesk()
