"""Linear: a completed issue becomes a done, a blocked or reopened one is told as it is.

https://linear.app/developers/webhooks"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from idonethis.integrations.base import (
    MILLISECONDS,
    Asks,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Place,
    Reason,
    Receives,
    Stamp,
    Topic,
    line,
    record,
)
from idonethis.partners.linear.reading import Change, initiative, issue, project

READERS: Mapping[str, Callable[[Change], Iterator[Event]]] = {
    "Issue": issue,
    "Project": project,
    "Initiative": initiative,
}
TOPICS = {
    "Issue": Topic("Completed issues", "completed issues"),
    "Project": Topic("Completed projects", "completed projects"),
    "Initiative": Topic("Completed initiatives", "completed initiatives"),
}


class Linear(Receives):
    name = "Linear"
    category = "Planning"
    tagline = "Completed issues, projects and initiatives become dones."
    asks = Asks(
        topics=TOPICS,
        bots=True,
        place=Place("team", "teams", usual="every team"),
        labels=True,
    )
    # https://linear.app/developers/webhooks#securing-webhooks: for a minute.
    signature = Hmac(
        "Linear-Signature",
        stamp=Stamp(
            field="webhookTimestamp", per_second=MILLISECONDS, tolerance=timedelta(minutes=1)
        ),
    )
    their_secret = "Linear shows it under Settings → API → Webhooks, as the signing secret."  # noqa: S105
    delivery_header = "Linear-Delivery"
    event_header = "Linear-Event"

    def summary(self, link: Link) -> str:
        return f"Logs {', '.join(self.asks.said(link.config)) or 'nothing'}"[:80]

    def event(self, hook: Hook) -> str:
        said = record(hook.json)
        return ".".join(filter(None, (line(said.get("type")), line(said.get("action")))))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        change = Change.of(hook.json)
        reader = READERS.get(change.type)
        if reader is None:
            yield Ignored(Reason.UNSUPPORTED, f"Linear’s “{change.type}” never makes an entry.")
        else:
            yield from reader(change)


integration = Linear()
