"""GitHub: merged pull requests, closed issues, pushes, reviews and releases become dones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    OAuth2,
    Reason,
    Registers,
    Secret,
)
from idonethis.partners.github import client as api
from idonethis.partners.github.forms import EVENTS, GitHubForm
from idonethis.partners.github.happenings import issues, pull_request, pull_request_review, release
from idonethis.partners.github.payload import Payload
from idonethis.partners.github.pushes import push

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "push": push,
    "pull_request": pull_request,
    "issues": issues,
    "pull_request_review": pull_request_review,
    "release": release,
}


class GitHub(Registers):
    name = "GitHub"
    category = "Code"
    tagline = "Merged pull requests, closed issues, pushes, reviews and releases become dones."
    link_form = GitHubForm
    addresses: ClassVar = {"web": "https://github.com", "api": "https://api.github.com"}
    # https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
    # "repo" alone lets private repositories be listed; it brings the right to their webhooks.
    oauth = OAuth2(
        authorize_url="{web}/login/oauth/authorize",
        token_url="{web}/login/oauth/access_token",  # noqa: S106
        scopes=("repo", "admin:repo_hook", "read:user", "user:email"),
        token_headers={"Accept": "application/json"},
    )
    reads = ("your repositories, to pick one", "pull requests, issues, pushes, reviews, releases")
    writes = ("one webhook in each repository that you link",)
    # https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    signature = Hmac("X-Hub-Signature-256", prefix="sha256=")
    delivery_header = "X-GitHub-Delivery"
    event_header = "X-GitHub-Event"
    #: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
    body_limit = 25 * 1024 * 1024

    def subject(self, config: Mapping[str, Any]) -> str:
        return str(config.get("repository") or "")

    def summary(self, link: Link) -> str:
        names = {"pull_request": "merged pull requests", "pull_request_review": "reviews",
                 "issues": "closed issues", "push": "pushes", "release": "releases"}  # fmt: skip
        chosen = [name for kind, name in names.items() if kind in link.config.get("events", EVENTS)]
        said = ", ".join(chosen) or "nothing"
        return f"{said[0].upper()}{said[1:]} become dones."

    def identify(self, token: Mapping[str, Any], client: Client) -> Account:
        return api.account(client, token)

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.repositories(client, query)

    def create_hook(self, client: Client, subject: str, *, url: str, secret: Secret) -> str:
        return api.make_hook(client, subject, url=url, secret=secret, events=list(READERS))

    def destroy_hook(self, client: Client, subject: str, *, url: str, remote_id: str) -> None:
        api.drop_hook(client, subject, url=url, remote_id=remote_id)

    def event(self, hook: Hook) -> str:
        name, body = super().event(hook), hook.json
        action = body.get("action") if isinstance(body, dict) else ""
        return f"{name}.{action}"[:80] if isinstance(action, str) and action else name

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        name = super().event(hook)
        reader = READERS.get(name)
        if name == "ping":
            yield Ignored(Reason.PING, "GitHub tried the address.")
        elif reader is None:
            yield Ignored(Reason.UNSUPPORTED, f"“{name}” never makes an entry.")
        elif name not in link.config.get("events", EVENTS):
            yield Ignored(Reason.FILTERED, f"This link does not log “{name}”.")
        else:
            yield from reader(Payload.of(hook.json, link.config))


integration = GitHub()
