"""What an event of Stripe says: https://docs.stripe.com/api/events/object

Whose money it is stays at Stripe: neither names nor amounts are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from idonethis.integrations.base import (
    Detail,
    Event,
    Growing,
    Ignored,
    Reason,
    instant,
    json_object,
    line,
    record,
)

NEW_SUBSCRIPTION = "customer.subscription.created"
CHANGED_SUBSCRIPTION = "customer.subscription.updated"
DASHBOARD = "https://dashboard.stripe.com"
#: Statuses of a subscription that was asked for and not yet paid:
#: https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
NOT_YET = ("incomplete", "incomplete_expired")


@dataclass(frozen=True)
class Happening:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Happening:
        return cls(json_object(body, "An event of Stripe"))

    def told(self, *, wants_charges: bool) -> Event:
        if self.body.get("livemode") is False:
            return Ignored(Reason.FILTERED, "It was made in a sandbox or in test mode.")
        if self.type == "invoice.paid":
            return self._invoice()
        if self.type in (NEW_SUBSCRIPTION, CHANGED_SUBSCRIPTION):
            return self._subscription()
        if self.type == "charge.succeeded":
            return self._charge() if wants_charges else _unwanted()
        return Ignored(Reason.UNSUPPORTED, f"Stripe’s “{self.type}” never makes an entry.")

    @property
    def type(self) -> str:
        return line(self.body.get("type"))

    @property
    def thing(self) -> Mapping[str, Any]:
        return record(record(self.body.get("data")).get("object"))

    @property
    def id(self) -> str:
        return line(self.thing.get("id"))

    def _invoice(self) -> Event:
        """A trial begins with an invoice over nothing."""
        if self.thing.get("amount_paid") == 0:
            return Ignored(Reason.FILTERED, "Nothing was paid: the invoice is over nothing.")
        number = line(self.thing.get("number"))
        said = f"Invoice {number}".strip()
        return self._counted("{count} invoice{s} paid at Stripe", said, path="invoices")

    def _subscription(self) -> Event:
        """Made at once, or once its first payment went through."""
        previous = record(record(self.body.get("data")).get("previous_attributes")).get("status")
        if line(self.thing.get("status")) in NOT_YET:
            return Ignored(Reason.FILTERED, "The subscription has not begun yet.")
        if self.type == CHANGED_SUBSCRIPTION and previous != "incomplete":
            return Ignored(Reason.UNSUPPORTED, "Of a subscription, only its beginning counts.")
        said = "New subscription"
        return self._counted("{count} new subscription{s} at Stripe", said, path="subscriptions")

    def _charge(self) -> Event:
        return self._counted("{count} charge{s} at Stripe", "Charge", path="payments")

    def _counted(self, body: str, said: str, *, path: str) -> Growing:
        """The page of the thing in the dashboard, which only who may see it can open: the one that
        Stripe tells is for whoever pays."""
        url = f"{DASHBOARD}/{path}/{self.id}" if self.id else ""
        return Growing(
            body=body,
            key=f"counted:{path}",
            url=f"{DASHBOARD}/{path}",
            occurred_at=instant(self.body.get("created")),
            details=(Detail(f"{path}:{self.id}", said, url),),
        )


def _unwanted() -> Ignored:
    return Ignored(Reason.UNSUPPORTED, "This link does not log charges.")
