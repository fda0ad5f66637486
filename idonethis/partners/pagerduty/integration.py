"""PagerDuty: an incident that somebody resolves becomes a done, a triggered one a blocker where the
link asks for it.

https://developer.pagerduty.com/docs/webhooks-overview"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from idonethis.integrations.base import (
    Asks,
    Choice,
    Client,
    Event,
    Hmac,
    Hook,
    Link,
    Never,
    Picks,
    Place,
    Registers,
    line,
    record,
)
from idonethis.partners.pagerduty import api, webhooks
from idonethis.partners.pagerduty.forms import PagerDutyCredentials, PagerDutyForm
from idonethis.partners.pagerduty.reading import Happening
from idonethis.partners.pagerduty.refusals import ANSWERS


class PagerDuty(Picks, Registers):
    name = "PagerDuty"
    category = "Operations"
    introducer = api
    registrar = webhooks
    tagline = "Incidents that somebody resolves become dones; triggered ones can become blockers."
    place = "service"
    credentials = PagerDutyCredentials
    link_form = PagerDutyForm
    # https://support.pagerduty.com/main/docs/service-regions
    addresses: ClassVar[dict[str, str]] = {
        "api": "https://api.pagerduty.com",
        "eu": "https://api.eu.pagerduty.com",
    }
    reads = (
        "your name",
        "the address of your account and the names of its services, to pick one",
        "what happens to incidents",
    )
    writes = ("one webhook for each service that you link, or for the whole account",)
    answers = ANSWERS
    hook_events = webhooks.EVENTS
    asks = Asks(place=Place("service", "services", usual="every service"))
    # https://developer.pagerduty.com/docs/verifying-webhook-signatures: several, while a secret
    # is being changed.
    signature = Hmac("X-PagerDuty-Signature", prefix="v1=", separator=",")
    their_secret = "PagerDuty shows it once, when you add the webhook."  # noqa: S105
    delivery_header = "X-Webhook-Id"
    # https://developer.pagerduty.com/docs/webhooks-behavior: again after a 429, a 5xx or silence.
    # It drops what is answered with any other 4xx, which all our refusals are meant to be.
    retries = True

    def summary(self, link: Link) -> str:
        more = ", and triggered ones as blockers" * _wants_blockers(link)
        return f"Logs resolved incidents{more}"

    def base(self, secrets: Mapping[str, Any]) -> str:
        return self.address(str(secrets.get("region") or "api"))

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """https://developer.pagerduty.com/docs/authentication, and beside it on versioning"""
        return {
            "Authorization": f"Token token={secrets.get('token', '')}",
            "Accept": "application/vnd.pagerduty+json;version=2",
        }

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.places(client, query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        subject = self.subject(config)
        if not subject:
            raise Never("Pick the service whose incidents are to be logged, or all of them.")
        api.scope(client, subject)

    def hooks_page(self, subject: str) -> str:
        """Of the service, with its webhooks under Integrations; of the account, where it begins."""
        home, _, service = subject.partition("/")
        return f"https://{home}/service-directory/{service}" if service else f"https://{home}"

    def event(self, hook: Hook) -> str:
        return line(record(record(hook.json).get("event")).get("event_type"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Happening.of(hook.json).told(wants_blockers=_wants_blockers(link))


def _wants_blockers(link: Link) -> bool:
    return bool(link.config.get("blockers"))


integration = PagerDuty()
