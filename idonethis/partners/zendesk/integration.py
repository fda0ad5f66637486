"""Zendesk: a solved ticket becomes a done of its assignee. A webhook that we make subscribes to
events; one that a person makes is connected to triggers.

https://developer.zendesk.com/documentation/webhooks/"""

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
    Stamp,
    Text,
    line,
    record,
)
from idonethis.partners.zendesk import api, webhooks
from idonethis.partners.zendesk.events import Change
from idonethis.partners.zendesk.forms import ZendeskCredentials, ZendeskForm
from idonethis.partners.zendesk.reading import Sent
from idonethis.partners.zendesk.refusals import ANSWERS


class Zendesk(Picks, Registers):
    name = "Zendesk"
    category = "Support and sales"
    introducer = api
    registrar = webhooks
    tagline = "Solved tickets become dones of whom they are assigned to."
    place = "site"
    credentials = ZendeskCredentials
    link_form = ZendeskForm
    addresses: ClassVar[dict[str, str]] = {"api": "https://{subdomain}.zendesk.com"}
    reads = (
        "your name and mail address",
        "the address of your account",
        "tickets whose status or subject changes",
    )
    writes = ("one webhook for the account",)
    answers = ANSWERS
    hook_events = webhooks.EVENTS
    asks = Asks(
        place=Place(
            "group",
            "groups",
            usual="every group",
            help="By their names where triggers send; where the webhook was made by itself, by the "
            "numbers in the addresses of their pages at Zendesk. Left empty: every group.",
        ),
        labels=True,
    )
    # https://developer.zendesk.com/documentation/webhooks/verifying/
    signature = Hmac(
        "X-Zendesk-Webhook-Signature",
        encoding=Text.BASE64,
        template="{timestamp}{body}",
        stamp=Stamp("X-Zendesk-Webhook-Signature-Timestamp"),
    )
    their_secret = "Zendesk shows it on the page of the webhook, under Reveal secret."  # noqa: S105
    # https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/
    delivery_header = "X-Zendesk-Webhook-Invocation-Id"

    def summary(self, link: Link) -> str:
        return "Logs solved tickets"

    def base(self, secrets: Mapping[str, Any]) -> str:
        return self.address("api").replace("{subdomain}", str(secrets.get("subdomain", "")))

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {"Authorization": api.proof(secrets)}

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.choices(client, query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        if not self.subject(config):
            raise Never("Pick the account whose tickets are to be logged.")

    def hooks_page(self, subject: str) -> str:
        return f"https://{subject}/admin/apps-integrations/webhooks/webhooks"

    def event(self, hook: Hook) -> str:
        if change := Change.of(hook.json, site=""):
            return change.type[:80]
        happened = line(record(hook.json).get("happened"))
        return f"ticket.{happened}"[:80] if happened else ""

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield (Change.of(hook.json, site=link.subject) or Sent.of(hook)).told()


integration = Zendesk()
