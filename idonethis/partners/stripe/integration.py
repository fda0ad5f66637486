"""Stripe: what came in becomes one sentence a day, without names and amounts.

https://docs.stripe.com/webhooks"""

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
    Receives,
    Stamp,
    Topic,
    fingerprint,
    line,
    record,
)
from idonethis.partners.stripe.reading import CHANGED_SUBSCRIPTION, NEW_SUBSCRIPTION, Happening

TOPICS = {
    "invoice.paid": Topic("Paid invoices, as one entry a day that grows", "paid invoices"),
    NEW_SUBSCRIPTION: Topic("New subscriptions, likewise", "new subscriptions"),
}


class StripeForm(LinkForm):
    charges = forms.BooleanField(
        label="Log charges, too",
        required=False,
        initial=False,
        help_text="For who sends no invoices: a paid invoice is a charge as well.",
    )


class Stripe(Receives):
    name = "Stripe"
    category = "Support and sales"
    tagline = "How many invoices were paid and subscriptions made, as one sentence a day."
    link_form = StripeForm
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
