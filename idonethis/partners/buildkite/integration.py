"""Buildkite: deployments that pass become dones, and failures of the default branch, if wanted,
blockers. https://buildkite.com/docs/apis/webhooks/pipelines/build-events"""

from __future__ import annotations

from collections.abc import Iterator

from django import forms

from idonethis.integrations.base import (
    AnyOf,
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
    SharedToken,
    Stamp,
)
from idonethis.partners.buildkite.reading import DEPLOYS, Build

PING = Ignored(Reason.PING, "Buildkite tried the address.")


class BuildkiteForm(LinkForm):
    deploys = forms.CharField(
        label="Names of the pipelines that deploy",
        initial=DEPLOYS,
        required=False,
        max_length=400,
        help_text=f"With commas between them; * stands for anything. Left empty: {DEPLOYS}.",
    )
    failures = forms.BooleanField(
        label="Log builds that fail on the default branch or for a tag, as blockers",
        required=False,
        initial=False,
    )


class Buildkite(Receives):
    name = "Buildkite"
    category = "Code"
    tagline = "Deployments become dones; failed builds of the default branch blockers, if you like."
    link_form = BuildkiteForm
    asks = Asks(place=Place("branch", "branches", usual="the default branch and tags"))
    # https://buildkite.com/docs/apis/webhooks/pipelines#webhook-signature
    signature = AnyOf(
        (
            Hmac(
                "X-Buildkite-Signature",
                prefix="signature=",
                separator=",",
                template="{timestamp}.{body}",
                stamp=Stamp(part="timestamp="),
            ),
            SharedToken("X-Buildkite-Token"),
        )
    )
    their_secret = (
        "Buildkite shows it under Settings → Notification Services, in the webhook, as Token."  # noqa: S105
    )
    event_header = "X-Buildkite-Event"

    def summary(self, link: Link) -> str:
        more = " and failed builds" if link.config.get("failures") else ""
        return f"Logs deployments{more}"

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        build = Build.of(hook.json, deploys=str(link.config.get("deploys") or DEPLOYS))
        name = self.event(hook)
        if name == "ping":
            yield PING
        elif name != "build.finished":
            yield Ignored(Reason.UNSUPPORTED, f"Buildkite’s “{name}” never makes an entry.")
        else:
            yield from build.events(failures=bool(link.config.get("failures")))


integration = Buildkite()
