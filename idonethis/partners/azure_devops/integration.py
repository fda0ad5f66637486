"""Azure DevOps: what is merged, finished and pushed becomes a done.

https://learn.microsoft.com/azure/devops/service-hooks/events"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django import forms

from idonethis.integrations.base import (
    Asks,
    Basic,
    Draft,
    Event,
    Hook,
    Ignored,
    Link,
    LinkForm,
    Place,
    Reason,
    Receives,
    Topic,
    Unreadable,
    line,
    record,
)
from idonethis.partners.azure_devops.payload import Payload
from idonethis.partners.azure_devops.pushes import push
from idonethis.partners.azure_devops.reading import deleted, pull_request, work_item

#: In the processes that Microsoft ships: https://learn.microsoft.com/azure/devops/boards/work-items/workflow-and-state-categories
DONE = "Closed, Completed, Done"
READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "git.push": push,
    "git.pullrequest.merged": pull_request,
    "git.pullrequest.updated": pull_request,
    "workitem.updated": work_item,
    "workitem.deleted": deleted,
}
#: By the beginning of the event's name.
TOPICS = {
    "git.push": Topic("Commits, as one entry a day that grows", "commits"),
    "git.pullrequest": Topic("Completed pull requests, for their author", "pull requests"),
    "workitem": Topic("Finished work items, for their assignee", "work items"),
}
TRIED = Ignored(Reason.PING, "Azure DevOps tried the address with an example.")
GHOST = Ignored(Reason.NO_PERSON, "Azure DevOps does not say who did it.")


class AzureDevOpsForm(LinkForm):
    states = forms.CharField(
        label="States in which a work item is finished",
        initial=DONE,
        required=False,
        max_length=400,
        help_text="With commas between them. Left empty: " + DONE + ".",
    )


class AzureDevOps(Receives):
    name = "Azure DevOps"
    category = "Code"
    tagline = "Completed pull requests, finished work items and pushes become dones."
    link_form = AzureDevOpsForm
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
    # https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks: it signs nothing.
    signature = Basic()

    def summary(self, link: Link) -> str:
        return f"Logs {', '.join(self.asks.said(link.config)) or 'nothing'}"[:80]

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
