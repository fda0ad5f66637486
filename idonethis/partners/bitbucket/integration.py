"""Bitbucket Cloud: what is merged and pushed becomes a done.

https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

from idonethis.integrations.base import (
    Asks,
    Choice,
    Client,
    Draft,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    OAuth2,
    PicksOne,
    Place,
    Reason,
    Registers,
    Topic,
)
from idonethis.partners.bitbucket import api
from idonethis.partners.bitbucket.forms import BitbucketForm
from idonethis.partners.bitbucket.pushes import push
from idonethis.partners.bitbucket.reading import Payload, declined, merged
from idonethis.partners.bitbucket.refusals import ANSWERS

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


class Bitbucket(PicksOne, Registers):
    name = "Bitbucket"
    category = "Code"
    introducer = registrar = api
    tagline = "Merged pull requests and pushes at Bitbucket Cloud become dones."
    link_form = BitbucketForm
    place = "repository"
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
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://bitbucket.org",
        "api": "https://api.bitbucket.org/2.0",
    }
    # https://developer.atlassian.com/cloud/bitbucket/oauth-2/: it knows no PKCE.
    oauth = OAuth2(
        authorize_url="{web}/site/oauth2/authorize",
        token_url="{web}/site/oauth2/access_token",  # noqa: S106
        scopes=("account", "repository", "webhook"),
        pkce=False,
        token_auth="client_secret_basic",  # noqa: S106
    )
    answers = ANSWERS
    reads = (
        "your name",
        "the names of your workspaces and repositories, to pick one",
        "pushes and pull requests, as webhooks bring them",
    )
    writes = ("one webhook in each repository that you link",)
    # https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/#Secure-webhooks
    signature = Hmac("X-Hub-Signature", prefix="sha256=")
    delivery_header = "X-Request-UUID"
    event_header = "X-Event-Key"
    hook_events = api.EVENTS

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.repositories(client, query)

    def hooks_page(self, subject: str) -> str:
        return f"{self.address('web')}/{quote(subject)}/admin/webhooks"

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
