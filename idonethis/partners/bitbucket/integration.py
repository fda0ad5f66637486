"""Bitbucket Cloud: what is merged and pushed becomes a done.

https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from idonethis.integrations.base import (
    Asks,
    Draft,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Place,
    Reason,
    Receives,
    Topic,
)
from idonethis.partners.bitbucket.pushes import push
from idonethis.partners.bitbucket.reading import Payload, declined, merged

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "repo.push": push,
    "pullrequest.fulfilled": merged,
    "pullrequest.rejected": declined,
}
TOPICS = {
    "repo.push": Topic("Commits, as one entry a day that grows", "commits"),
    "pullrequest.fulfilled": Topic(
        "Merged pull requests, for their author", "merged pull requests"
    ),
}
GHOST = Ignored(Reason.NO_PERSON, "Bitbucket does not say who did it.")


class Bitbucket(Receives):
    name = "Bitbucket"
    category = "Code"
    tagline = "Merged pull requests and pushes at Bitbucket Cloud become dones."
    asks = Asks(
        topics=TOPICS,
        bots=True,
        place=Place(
            "branch",
            "branches",
            usual="main and master",
            help="Left empty: commits on main and master, pull requests into any.",
        ),
    )
    # https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/#Secure-webhooks
    signature = Hmac("X-Hub-Signature", prefix="sha256=")
    delivery_header = "X-Request-UUID"
    event_header = "X-Event-Key"

    def summary(self, link: Link) -> str:
        return f"Logs {', '.join(self.asks.said(link.config)) or 'nothing'}"[:80]

    def event(self, hook: Hook) -> str:
        """With a dot, as those of all partners; Bitbucket writes ``repo:push``."""
        return super().event(hook).replace(":", ".")

    def topic(self, hook: Hook) -> str:
        return self.event(hook)

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        payload, name = Payload.of(hook.json), self.event(hook)
        reader = READERS.get(name)
        if reader is None:
            yield Ignored(Reason.UNSUPPORTED, f"Bitbucket’s “{name}” never makes an entry.")
        else:
            yield from (GHOST if _is_nobodys(event) else event for event in reader(payload))


def _is_nobodys(event: Event) -> bool:
    """Nobody's work must not become that of whoever made the link."""
    return isinstance(event, Draft) and not (event.actor.uid or event.actor.called)


integration = Bitbucket()
