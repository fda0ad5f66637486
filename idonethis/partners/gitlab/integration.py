"""GitLab: what is merged, closed, pushed and released becomes a done.

https://docs.gitlab.com/user/project/integrations/webhooks/"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django import forms

from idonethis.integrations.base import (
    STANDARD_WEBHOOKS,
    AnyOf,
    Asks,
    Draft,
    Event,
    Hook,
    Ignored,
    Link,
    LinkForm,
    Place,
    Reason,
    Receives,
    SharedToken,
    Topic,
    line,
    record,
)
from idonethis.partners.gitlab.payload import Payload
from idonethis.partners.gitlab.pushes import push
from idonethis.partners.gitlab.reading import issue, merge_request, pipeline, release

READERS: Mapping[str, Callable[[Payload], Iterator[Event]]] = {
    "push": push,
    "merge_request": merge_request,
    "issue": issue,
    "release": release,
    "pipeline": pipeline,
}
TOPICS = {
    "push": Topic("Commits, as one entry a day that grows", "commits"),
    "merge_request": Topic("Merged merge requests, for their author", "merge requests"),
    "issue": Topic("Closed issues, for their assignee", "issues"),
    "release": Topic("Releases, as those of who makes this link", "releases"),
}
QUIET = Ignored(Reason.FILTERED, "This link does not log pipelines.")
NOBODYS = Ignored(Reason.NO_PERSON, "GitLab does not say who did it.")


class GitLabForm(LinkForm):
    pipelines = forms.BooleanField(
        label="Log pipelines of the default branch that fail, as blockers",
        required=False,
        initial=False,
    )


class GitLab(Receives):
    name = "GitLab"
    category = "Code"
    tagline = "Merged merge requests, closed issues, pushes and releases become dones."
    link_form = GitLabForm
    asks = Asks(
        topics=TOPICS,
        bots=True,
        place=Place(
            "branch",
            "branches",
            usual="the default branch",
            help="Left empty: commits on the default branch, merge requests into any.",
        ),
        labels=True,
    )
    # A signing token where GitLab has them, else a secret token: the same text does for either.
    # https://docs.gitlab.com/user/project/integrations/webhooks/
    signature = AnyOf((STANDARD_WEBHOOKS, SharedToken("X-Gitlab-Token")))
    #: The same whenever a webhook is tried again; the ids of the event and of the webhook are not
    #: one a delivery. https://docs.gitlab.com/user/project/integrations/webhooks/#delivery-headers
    delivery_header = "Idempotency-Key"

    def summary(self, link: Link) -> str:
        return f"Logs {', '.join(self.asks.said(link.config)) or 'nothing'}"[:80]

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
