"""Jira, at Atlassian's or in a data center: an issue that reaches a status of the category Done
becomes a done.

https://developer.atlassian.com/cloud/jira/platform/webhooks/
https://developer.atlassian.com/server/jira/platform/webhooks/"""

from __future__ import annotations

from collections.abc import Iterator

from django import forms

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    LinkForm,
    Place,
    Reason,
    Receives,
    line,
    record,
)
from idonethis.partners.jira.issues import issue
from idonethis.partners.jira.reading import Change
from idonethis.partners.jira.sprints import sprint


class JiraForm(LinkForm):
    sprints = forms.BooleanField(
        label="Closed sprints, too",
        required=False,
        initial=False,
        help_text="Jira does not say who closed a sprint, so they are logged as work of whoever "
        "makes this link.",
    )


class Jira(Receives):
    name = "Jira"
    category = "Planning"
    tagline = "Issues that reach a status of the category Done become dones of their assignees."
    link_form = JiraForm
    asks = Asks(
        bots=True,
        place=Place(
            "project",
            "projects",
            usual="every project",
            help="Keys of projects, such as ENG. Left empty: every project.",
        ),
        labels=True,
    )
    # https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
    # https://confluence.atlassian.com/adminjiraserver/managing-webhooks-938846912.html
    signature = Hmac("X-Hub-Signature", prefix="sha256=")
    # https://developer.atlassian.com/cloud/jira/platform/webhooks/: the same when it is sent again.
    # A data center sends none; of that, equal bodies are one delivery.
    delivery_header = "X-Atlassian-Webhook-Identifier"

    def summary(self, link: Link) -> str:
        sprints = " and closed sprints" * bool(link.config.get("sprints"))
        return f"Logs issues that are done{sprints}"

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("webhookEvent"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        change = Change.of(hook.json)
        if change.event.startswith("jira:issue_"):
            yield from issue(change)
        elif change.event.startswith("sprint_"):
            yield from sprint(change, wanted=bool(link.config.get("sprints")))
        else:
            said = f"Jira’s “{change.event}” never makes an entry."
            yield Ignored(Reason.UNSUPPORTED, said)


integration = Jira()
