"""CircleCI: deployments that succeed become dones, and failures of main, if wanted, blockers.

https://circleci.com/docs/outbound-webhooks"""

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
    Unreadable,
    line,
    record,
)
from idonethis.partners.circleci.reading import DEPLOYS, Run

PING = Ignored(Reason.PING, "CircleCI tried the address.")


class CircleCIForm(LinkForm):
    deploys = forms.CharField(
        label="Names of the workflows and jobs that deploy",
        initial=DEPLOYS,
        required=False,
        max_length=400,
        help_text=f"With commas between them; * stands for anything. Left empty: {DEPLOYS}.",
    )
    failures = forms.BooleanField(
        label="Log workflows that fail on main, on master or for a tag, as blockers",
        required=False,
        initial=False,
    )


class CircleCI(Receives):
    name = "CircleCI"
    category = "Code"
    tagline = "Deployments become dones; failed workflows of the main branch blockers, if you like."
    link_form = CircleCIForm
    asks = Asks(place=Place("branch", "branches", usual="main, master and tags"))
    # https://circleci.com/docs/outbound-webhooks#validate-webhooks
    signature = Hmac("circleci-signature", prefix="v1=", separator=",")
    event_header = "circleci-event-type"
    #: After every answer that is no success, it says there.
    retries = True

    def summary(self, link: Link) -> str:
        more = " and failed workflows" if link.config.get("failures") else ""
        return f"Logs deployments{more}"

    def delivery_key(self, hook: Hook) -> str:
        """https://circleci.com/docs/webhooks-reference: the id in the body is there for this."""
        try:
            said = line(record(hook.json).get("id"))
        except Unreadable:
            said = ""
        return said or super().delivery_key(hook)

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        run = Run.of(hook.json, deploys=str(link.config.get("deploys") or DEPLOYS))
        if run.kind == "ping":
            yield PING
        elif run.kind not in ("workflow-completed", "job-completed"):
            yield Ignored(Reason.UNSUPPORTED, f"CircleCI’s “{run.kind}” never makes an entry.")
        else:
            yield from run.events(failures=bool(link.config.get("failures")))


integration = CircleCI()
