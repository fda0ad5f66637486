"""Buildkite: deployments that pass become dones, and failures of the default branch, if wanted,
blockers. https://buildkite.com/docs/apis/webhooks/pipelines/build-events,
https://buildkite.com/docs/apis/rest-api/organizations/notification-services"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from idonethis.integrations.base import (
    AnyOf,
    Asks,
    Choice,
    Client,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    PicksOne,
    Place,
    Reason,
    SharedToken,
    SignsAsTold,
    Stamp,
)
from idonethis.partners.buildkite import api
from idonethis.partners.buildkite.forms import BuildkiteCredentials, BuildkiteForm
from idonethis.partners.buildkite.reading import DEPLOYS, Build
from idonethis.partners.buildkite.refusals import ANSWERS

PING = Ignored(Reason.PING, "Buildkite tried the address.")


class Buildkite(PicksOne, SignsAsTold):
    name = "Buildkite"
    category = "Code"
    introducer = registrar = api
    tagline = "Deployments become dones; failed builds of the default branch blockers, if you like."
    place = "organization"
    logs = "deployments are"
    credentials = BuildkiteCredentials
    link_form = BuildkiteForm
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://buildkite.com",
        "api": "https://api.buildkite.com/v2",
    }
    reads = (
        "your name",
        "the names of your organizations, to pick one",
        "which builds of the organization end, and how",
    )
    writes = ("one webhook for each organization that you link",)
    answers = ANSWERS
    # https://buildkite.com/docs/apis/rest-api#authentication
    bearer = "token"
    hook_events = api.EVENTS
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

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.organizations(client, query)

    def hooks_page(self, subject: str) -> str:
        return f"{self.address('web')}/organizations/{subject}/services"

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
