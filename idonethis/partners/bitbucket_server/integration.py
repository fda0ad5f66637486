"""Bitbucket Data Center: what is merged and pushed becomes a done.

https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from idonethis.integrations.base import (
    Choice,
    Client,
    Draft,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Reason,
)
from idonethis.integrations.kits.servers import AtServers
from idonethis.partners.bitbucket_server import api
from idonethis.partners.bitbucket_server.forms import (
    ASKS,
    BitbucketServerCredentials,
    BitbucketServerForm,
)
from idonethis.partners.bitbucket_server.pushes import push
from idonethis.partners.bitbucket_server.reading import Payload, declined, deleted, merged, ping
from idonethis.partners.bitbucket_server.refusals import ANSWERS

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "repo.refs_changed": push,
    "pr.merged": merged,
    "pr.declined": declined,
    "pr.deleted": deleted,
    "diagnostics.ping": ping,
}
GHOST = Ignored(Reason.NO_PERSON, "Bitbucket does not say who did it.")


class BitbucketServer(AtServers):
    name = "Bitbucket Data Center"
    category = "Code"
    introducer = registrar = api
    tagline = "Merged pull requests and pushes at a Bitbucket of your own become dones."
    api_path = "/rest/api/1.0"
    place = "repository"
    credentials = BitbucketServerCredentials
    link_form = BitbucketServerForm
    asks = ASKS
    reads = (
        "your name",
        "the names of repositories, to pick one",
        "what happens in the repository",
    )
    writes = ("one webhook for each repository that you link",)
    answers = ANSWERS
    # https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html
    bearer = "token"
    hook_events = api.EVENTS
    # https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html
    signature = Hmac("X-Hub-Signature", prefix="sha256=")
    delivery_header = "X-Request-Id"
    event_header = "X-Event-Key"

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.repositories(client, self.site(client), query)

    def hooks_page(self, subject: str) -> str:
        site, _, repository = subject.rpartition("/projects/")
        return f"{site}/plugins/servlet/webhooks/projects/{repository}"

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
