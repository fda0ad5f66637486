"""Gitea and Forgejo: what is merged, closed, pushed and released becomes a done.

https://docs.gitea.com/usage/repository/webhooks, https://forgejo.org/docs/latest/user/webhooks/"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from idonethis.integrations.base import (
    AnyOf,
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
    line,
    record,
)
from idonethis.partners.gitea.payload import Payload
from idonethis.partners.gitea.pushes import push
from idonethis.partners.gitea.reading import issues, pull_request, release

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "push": push,
    "pull_request": pull_request,
    "issues": issues,
    "release": release,
}
TOPICS = {
    "push": Topic("Commits, as one entry a day that grows", "commits"),
    "pull_request": Topic("Merged pull requests, for their author", "merged pull requests"),
    "issues": Topic("Closed issues, for their assignee", "issues"),
    "release": Topic("Releases", "releases"),
}
GHOST = Ignored(Reason.NO_PERSON, "It does not say who did it: that account was deleted.")


class Gitea(Receives):
    name = "Gitea and Forgejo"
    category = "Code"
    tagline = "Merged pull requests, closed issues, pushes and releases become dones."
    asks = Asks(
        topics=TOPICS,
        bots=True,
        place=Place(
            "branch",
            "branches",
            usual="the default branch",
            help="Left empty: commits on the default branch, pull requests into any.",
        ),
        labels=True,
    )
    # https://docs.gitea.com/usage/repository/webhooks#example: all with the same key, over the
    # same body. Forgejo sends each, Gitea all but its name.
    signature = AnyOf(
        (
            Hmac("X-Gitea-Signature"),
            Hmac("X-Forgejo-Signature"),
            Hmac("X-Hub-Signature-256", prefix="sha256="),
        )
    )
    delivery_header = "X-Gitea-Delivery"
    event_header = "X-Gitea-Event"

    def summary(self, link: Link) -> str:
        return f"Logs {', '.join(self.asks.said(link.config)) or 'nothing'}"[:80]

    def event(self, hook: Hook) -> str:
        action = line(record(hook.json).get("action"))
        return ".".join(filter(None, (super().event(hook), action)))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        payload, name = Payload.of(hook.json), super().event(hook)
        reader = READERS.get(name)
        if reader is None:
            yield Ignored(Reason.UNSUPPORTED, f"“{name}” never makes an entry.")
        else:
            yield from (GHOST if _is_nobodys(event) else event for event in reader(payload))


def _is_nobodys(event: Event) -> bool:
    """Nobody's work must not become that of whoever made the link."""
    return isinstance(event, Draft) and not event.actor.uid


integration = Gitea()
