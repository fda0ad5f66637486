"""Stripe: what came in becomes one sentence a day, without names and amounts.

https://docs.stripe.com/webhooks"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Link,
    Registers,
    Stamp,
    Topic,
    fingerprint,
    line,
    record,
)
from idonethis.partners.stripe import api
from idonethis.partners.stripe.forms import StripeCredentials, StripeForm
from idonethis.partners.stripe.reading import (
    CHANGED_SUBSCRIPTION,
    DASHBOARD,
    NEW_SUBSCRIPTION,
    Happening,
)
from idonethis.partners.stripe.refusals import ANSWERS

TOPICS = {
    "invoice.paid": Topic("Paid invoices, as one entry a day that grows", "paid invoices"),
    NEW_SUBSCRIPTION: Topic("New subscriptions, likewise", "new subscriptions"),
}


class Stripe(Registers):
    name = "Stripe"
    category = "Support and sales"
    introducer = registrar = api
    tagline = "How many invoices were paid and subscriptions made, as one sentence a day."
    credentials = StripeCredentials
    link_form = StripeForm
    addresses: ClassVar[dict[str, str]] = {"api": "https://api.stripe.com"}
    reads = ("the name of your account", "invoices that are paid, subscriptions, charges")
    writes = ("one webhook for the account",)
    answers = ANSWERS
    # https://docs.stripe.com/api/authentication
    bearer = "key"
    hook_events = api.EVENTS
    asks = Asks(topics=TOPICS)
    # https://docs.stripe.com/webhooks#verify-manually
    signature = Hmac(
        "Stripe-Signature",
        prefix="v1=",
        template="{timestamp}.{body}",
        separator=",",
        stamp=Stamp(part="t="),
    )
    their_secret = "Stripe shows it on the page of the endpoint, as its signing secret."  # noqa: S105
    # https://docs.stripe.com/webhooks#automatic-retries
    retries = True

    def summary(self, link: Link) -> str:
        said = self.asks.said(link.config)
        said += ["charges"] * bool(link.config.get("charges"))
        return f"Counts {', '.join(said) or 'nothing'}"[:80]

    def hook_subject(self, config: Mapping[str, Any], uid: str) -> str:
        """The account: there is nothing to pick in it."""
        return uid

    def hooks_page(self, subject: str) -> str:
        return f"{DASHBOARD}/{subject}/webhooks"

    def check_readable(self, hook: Hook) -> None:
        Happening.of(hook.json)

    def delivery_key(self, hook: Hook) -> str:
        """https://docs.stripe.com/webhooks#handle-duplicate-events"""
        return line(record(hook.json).get("id")) or fingerprint(hook.body)

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("type"))[:80]

    def topic(self, hook: Hook) -> str:
        said = self.event(hook)
        return NEW_SUBSCRIPTION if said == CHANGED_SUBSCRIPTION else said

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Happening.of(hook.json).told(wants_charges=bool(link.config.get("charges")))


integration = Stripe()
