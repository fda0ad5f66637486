"""Azure DevOps: what is merged, finished and pushed becomes a done.

https://learn.microsoft.com/azure/devops/service-hooks/events"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Basic,
    Choice,
    Client,
    Draft,
    Event,
    Hook,
    Ignored,
    Link,
    Reason,
    Unreadable,
    line,
    record,
)
from idonethis.integrations.kits.servers import AtServers
from idonethis.partners.azure_devops import api, subscriptions
from idonethis.partners.azure_devops.forms import (
    ASKS,
    DONE,
    TOPICS,
    AzureDevOpsCredentials,
    AzureDevOpsForm,
)
from idonethis.partners.azure_devops.payload import Payload
from idonethis.partners.azure_devops.pushes import push
from idonethis.partners.azure_devops.reading import deleted, pull_request, work_item
from idonethis.partners.azure_devops.refusals import ANSWERS

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "git.push": push,
    "git.pullrequest.merged": pull_request,
    "git.pullrequest.updated": pull_request,
    "workitem.updated": work_item,
    "workitem.deleted": deleted,
}
TRIED = Ignored(Reason.PING, "Azure DevOps tried the address with an example.")
GHOST = Ignored(Reason.NO_PERSON, "Azure DevOps does not say who did it.")


class AzureDevOps(AtServers):
    name = "Azure DevOps"
    category = "Code"
    introducer = api
    registrar = subscriptions
    tagline = "Completed pull requests, finished work items and pushes become dones."
    api_path = "/_apis"
    place = "project"
    credentials = AzureDevOpsCredentials
    link_form = AzureDevOpsForm
    asks = ASKS
    reads = ("your name", "the names of projects, to pick one", "what happens in the project")
    writes = ("one service hook for each kind of event, in each project that you link",)
    answers = ANSWERS
    hook_events = subscriptions.EVENTS
    # https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks: it signs nothing.
    signature = Basic()

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return api.headers(str(secrets.get("token", "")))

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.projects(client, self.site(client), query)

    def hooks_page(self, subject: str) -> str:
        return f"{subject}/_settings/serviceHooks"

    def delivery_key(self, hook: Hook) -> str:
        """Each event has an id in the body, and no header names it."""
        try:
            said = line(record(hook.json).get("id"))
        except Unreadable:
            said = ""
        return said or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("eventType"))[:80]

    def topic(self, hook: Hook) -> str:
        name = self.event(hook)
        return next((topic for topic in TOPICS if name.startswith(topic)), "")

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        done = str(link.config.get("states") or DONE).split(",")
        payload = Payload.of(hook.json, done=frozenset(each.strip().lower() for each in done))
        name = self.event(hook)
        reader = READERS.get(name)
        if payload.is_example:
            yield TRIED
        elif reader is None:
            yield Ignored(Reason.UNSUPPORTED, f"Azure DevOps’ “{name}” never makes an entry.")
        else:
            yield from (GHOST if _is_nobodys(event) else event for event in reader(payload))


def _is_nobodys(event: Event) -> bool:
    """Nobody's work must not become that of whoever made the link."""
    return isinstance(event, Draft) and not (event.actor.uid or event.actor.email)


integration = AzureDevOps()
