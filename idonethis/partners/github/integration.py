"""GitHub: merged pull requests, closed issues, pushes, reviews and releases become dones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from idonethis.integrations.base import (
    NOBODY,
    Backfills,
    Choice,
    Client,
    Draft,
    Event,
    FailedDelivery,
    Hmac,
    Hook,
    Ignored,
    Link,
    OAuth2,
    Pace,
    PastPage,
    Reason,
    Redelivers,
    Shows,
    line,
    record,
)
from idonethis.partners.github import client as api
from idonethis.partners.github import deliveries, hooks, past
from idonethis.partners.github.forms import ASKS, GitHubForm
from idonethis.partners.github.happenings import issues, pull_request, pull_request_review, release
from idonethis.partners.github.payload import Payload
from idonethis.partners.github.people import uid_of
from idonethis.partners.github.pushes import push
from idonethis.partners.github.refusals import ANSWERS

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "push": push,
    "pull_request": pull_request,
    "issues": issues,
    "pull_request_review": pull_request_review,
    "release": release,
}
GHOST = Ignored(Reason.NO_PERSON, "GitHub does not say who did it: that account was deleted.")


class GitHub(Redelivers, Backfills):
    name = "GitHub"
    category = "Code"
    introducer = api
    registrar = hooks
    tagline = "Merged pull requests, closed issues, pushes, reviews and releases become dones."
    link_form = GitHubForm
    asks = ASKS
    addresses: ClassVar = {"web": "https://github.com", "api": "https://api.github.com"}
    # https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    # So many points; a question costs one of them.
    paces = (Pace(900, per=60),)
    answers = ANSWERS
    # https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
    # Only "repo" would list private repositories, and it brings the right to write code.
    oauth: OAuth2 = OAuth2(
        authorize_url="{web}/login/oauth/authorize",
        token_url="{web}/login/oauth/access_token",  # noqa: S106
        scopes=("admin:repo_hook", "user:email"),
        token_headers={"Accept": "application/json"},
    )
    reads = (
        "your name and mail addresses",
        "the names of your public repositories, to pick one",
        "pull requests, issues, pushes, reviews and releases, as webhooks bring them",
        "those of the past, if you import them",
    )
    writes = ("one webhook in each repository that you link",)
    # https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    signature = Hmac("X-Hub-Signature-256", prefix="sha256=")
    delivery_header = "X-GitHub-Delivery"
    event_header = "X-GitHub-Event"
    hook_events = hooks.EVENTS
    #: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
    body_limit = 25 * 1024 * 1024

    def subject(self, config: Mapping[str, Any]) -> str:
        """GitHub takes Analytical/Engine and analytical/engine for the same."""
        return str(config.get("repository") or "").lower()

    def short_name(self, link: Link) -> str:
        return str(link.config.get("repository") or self.name)

    def came_from(self, link: Link) -> str:
        """Of private repositories no name, where the link wants none."""
        return self.name if Shows.of(link.config).hides_names else super().came_from(link)

    def summary(self, link: Link) -> str:
        return f"Logs {', '.join(self.asks.said(link.config))}"[:80]

    def account_in(self, email: str) -> str:
        return uid_of(email)

    def revoke(self, secrets: Mapping[str, Any], client: Client, *, client_id: str) -> None:
        api.revoke(client, client_id, secrets)

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.repositories(client, query)

    def failed_deliveries(
        self, client: Client, subject: str, *, remote_id: str, since: datetime
    ) -> Sequence[FailedDelivery]:
        return deliveries.failed(client, subject, remote_id=remote_id, since=since)

    def redeliver(
        self, client: Client, subject: str, *, remote_id: str, delivery: FailedDelivery
    ) -> None:
        name = delivery.remote_id
        deliveries.redeliver(client, subject, remote_id=remote_id, delivery=name)

    def hooks_page(self, subject: str) -> str:
        return f"{self.address('web')}/{quote(subject)}/settings/hooks"

    def past(
        self, client: Client, link: Link, *, since: datetime, cursor: Mapping[str, Any]
    ) -> PastPage:
        events = set(link.config.get("events", ASKS.topics))
        return past.page(client, link, events=events, since=since, cursor=cursor)

    def event(self, hook: Hook) -> str:
        action = line(record(hook.json).get("action"))
        return ".".join(filter(None, (super().event(hook), action)))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        name = super().event(hook)
        reader = READERS.get(name)
        if name == "ping":
            yield Ignored(Reason.PING, "GitHub tried the address.")
        elif reader is None:
            yield Ignored(Reason.UNSUPPORTED, f"GitHub's “{name}” never makes an entry.")
        else:
            events = reader(Payload.of(hook.json, Shows.of(link.config)))
            yield from (GHOST if _is_nobodys(event) else event for event in events)


def _is_nobodys(event: Event) -> bool:
    """Nobody's work must not become that of whoever made the link."""
    return isinstance(event, Draft) and event.actor == NOBODY


integration = GitHub()
