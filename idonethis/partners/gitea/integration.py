"""Gitea and Forgejo: what is merged, closed, pushed and released becomes a done.

https://docs.gitea.com/usage/repository/webhooks, https://forgejo.org/docs/latest/user/webhooks/"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    AnyOf,
    Backfills,
    Choice,
    Client,
    Draft,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    PastPage,
    Reason,
    line,
    record,
)
from idonethis.integrations.kits.servers import AtServers
from idonethis.partners.gitea import api, past
from idonethis.partners.gitea.forms import ASKS, GiteaCredentials, GiteaForm
from idonethis.partners.gitea.payload import Payload
from idonethis.partners.gitea.pushes import push
from idonethis.partners.gitea.reading import issues, pull_request, release
from idonethis.partners.gitea.refusals import ANSWERS

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "push": push,
    "pull_request": pull_request,
    "issues": issues,
    "release": release,
}
GHOST = Ignored(Reason.NO_PERSON, "It does not say who did it: that account was deleted.")


class Gitea(AtServers, Backfills):
    name = "Gitea and Forgejo"
    category = "Code"
    introducer = registrar = api
    tagline = "Merged pull requests, closed issues, pushes and releases become dones."
    api_path = "/api/v1"
    place = "repository"
    credentials = GiteaCredentials
    link_form = GiteaForm
    asks = ASKS
    reads = (
        "your name",
        "the names of repositories, to pick one",
        "what happens in the repository",
    )
    writes = ("one webhook for each repository that you link",)
    answers = ANSWERS
    hook_events = api.EVENTS
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

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """https://docs.gitea.com/development/api-usage#authentication"""
        return {"Authorization": f"token {secrets.get('token', '')}"}

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.repositories(client, self.site(client), query)

    def hooks_page(self, subject: str) -> str:
        return f"{subject}/settings/hooks"

    def past(
        self, client: Client, link: Link, *, since: datetime, cursor: Mapping[str, Any]
    ) -> PastPage:
        repository = api.path_of(self.named(client, link.subject))
        events = set(link.config.get("events", ASKS.topics))
        return past.page(client, repository, events=events, since=since, cursor=cursor)

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
