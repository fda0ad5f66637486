"""Bitbucket Data Center: what is merged and pushed becomes a done.

https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html"""

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
from idonethis.partners.bitbucket_server.pushes import push
from idonethis.partners.bitbucket_server.reading import Payload, declined, deleted, merged, ping

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "repo.refs_changed": push,
    "pr.merged": merged,
    "pr.declined": declined,
    "pr.deleted": deleted,
    "diagnostics.ping": ping,
}
TOPICS = {
    "repo.refs_changed": Topic("Commits, as one entry a day that grows", "commits"),
    "pr.merged": Topic("Merged pull requests, for their author", "merged pull requests"),
}
GHOST = Ignored(Reason.NO_PERSON, "Bitbucket does not say who did it.")


class BitbucketServer(Receives):
    name = "Bitbucket Data Center"
    category = "Code"
    tagline = "Merged pull requests and pushes at a Bitbucket of your own become dones."
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
    # https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html
    signature = Hmac("X-Hub-Signature", prefix="sha256=")
    delivery_header = "X-Request-Id"
    event_header = "X-Event-Key"

    def summary(self, link: Link) -> str:
        return f"Logs {', '.join(self.asks.said(link.config)) or 'nothing'}"[:80]

    def event(self, hook: Hook) -> str:
        """With a dot, as those of all partners; Bitbucket writes ``pr:merged``."""
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
    return isinstance(event, Draft) and not event.actor.uid


integration = BitbucketServer()
