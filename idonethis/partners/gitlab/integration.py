"""GitLab: what is merged, closed, pushed and released becomes a done.

https://docs.gitlab.com/user/project/integrations/webhooks/"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    STANDARD_WEBHOOKS,
    AnyOf,
    Backfills,
    Choice,
    Client,
    Draft,
    Event,
    Hook,
    Ignored,
    Link,
    PastPage,
    Reason,
    SharedToken,
    line,
    record,
)
from idonethis.integrations.kits.servers import AtServers
from idonethis.partners.gitlab import api, past
from idonethis.partners.gitlab.forms import ASKS, GitLabCredentials, GitLabForm
from idonethis.partners.gitlab.payload import Payload
from idonethis.partners.gitlab.pushes import push
from idonethis.partners.gitlab.reading import issue, merge_request, pipeline, release
from idonethis.partners.gitlab.refusals import ANSWERS

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "push": push,
    "merge_request": merge_request,
    "issue": issue,
    "release": release,
    "pipeline": pipeline,
}
QUIET = Ignored(Reason.FILTERED, "This link does not log pipelines.")
NOBODYS = Ignored(Reason.NO_PERSON, "GitLab does not say who did it.")


class GitLab(AtServers, Backfills):
    name = "GitLab"
    category = "Code"
    introducer = registrar = api
    tagline = "Merged merge requests, closed issues, pushes and releases become dones."
    api_path = "/api/v4"
    place = "project"
    credentials = GitLabCredentials
    link_form = GitLabForm
    asks = ASKS
    reads = ("your name", "the names of projects, to pick one", "what happens in the project")
    writes = ("one webhook for each project that you link",)
    answers = ANSWERS
    hook_events = api.EVENTS
    # A signing token where GitLab has them, else a secret token: the same text does for either.
    # https://docs.gitlab.com/user/project/integrations/webhooks/
    signature = AnyOf((STANDARD_WEBHOOKS, SharedToken("X-Gitlab-Token")))
    #: The same whenever a webhook is tried again; the ids of the event and of the webhook are not
    #: one a delivery. https://docs.gitlab.com/user/project/integrations/webhooks/#delivery-headers
    delivery_header = "Idempotency-Key"

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """https://docs.gitlab.com/api/rest/authentication/"""
        return {"PRIVATE-TOKEN": str(secrets.get("token", ""))}

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.projects(client, self.site(client), query)

    def hooks_page(self, subject: str) -> str:
        """https://docs.gitlab.com/user/project/working_with_projects/"""
        site, _, project = subject.rpartition("/")
        return f"{site}/projects/{project}"

    def past(
        self, client: Client, link: Link, *, since: datetime, cursor: Mapping[str, Any]
    ) -> PastPage:
        path = api.path_of(self.named(client, link.subject))
        events = set(link.config.get("events", ASKS.topics))
        return past.page(client, path, events=events, since=since, cursor=cursor)

    def event(self, hook: Hook) -> str:
        """The body says it in words without blanks, and the same for all kinds of webhooks."""
        payload = Payload(record(hook.json))
        said = line(payload.body.get("object_kind")) or line(payload.body.get("event_name"))
        return ".".join(filter(None, (said, payload.action)))[:80]

    def topic(self, hook: Hook) -> str:
        return Payload(record(hook.json)).kind

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        payload = Payload.of(hook.json)
        reader = READERS.get(payload.kind)
        if reader is None:
            yield Ignored(Reason.UNSUPPORTED, f"GitLab’s “{payload.kind}” never makes an entry.")
        elif payload.kind == "pipeline" and not link.config.get("pipelines"):
            yield QUIET
        else:
            yield from (_checked(event, payload) for event in reader(payload))


def _checked(event: Event, payload: Payload) -> Event:
    """Nobody's work must not become that of whoever made the link; releases alone name nobody."""
    nameless = isinstance(event, Draft) and not (event.actor.called or event.actor.uid)
    return NOBODYS if nameless and payload.kind != "release" else event


integration = GitLab()
