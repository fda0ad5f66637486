"""PagerDuty: an incident that somebody resolves becomes a done, a triggered one a blocker where the
link asks for it.

https://developer.pagerduty.com/docs/webhooks-overview"""

from __future__ import annotations

from collections.abc import Iterator

from django import forms

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Link,
    LinkForm,
    Place,
    Receives,
    line,
    record,
)
from idonethis.partners.pagerduty.reading import Happening


class PagerDutyForm(LinkForm):
    blockers = forms.BooleanField(
        label="Log triggered incidents as blockers",
        required=False,
        initial=False,
        help_text="Of whom the incident is assigned to, else of who makes this link.",
    )


class PagerDuty(Receives):
    name = "PagerDuty"
    category = "Operations"
    tagline = "Incidents that somebody resolves become dones; triggered ones can become blockers."
    link_form = PagerDutyForm
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

    def event(self, hook: Hook) -> str:
        return line(record(record(hook.json).get("event")).get("event_type"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Happening.of(hook.json).told(wants_blockers=_wants_blockers(link))


def _wants_blockers(link: Link) -> bool:
    return bool(link.config.get("blockers"))


integration = PagerDuty()
