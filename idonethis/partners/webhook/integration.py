"""Incoming webhook: whatever can send JSON or a form can log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.entries.text import Line, parse
from idonethis.integrations.base import (
    NOBODY,
    Actor,
    AnyOf,
    Draft,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Reason,
    Receives,
    SharedToken,
)
from idonethis.partners.webhook.forms import WebhookForm
from idonethis.partners.webhook.mapping import DEFAULTS, Fields


class Webhook(Receives):
    name = "Incoming webhook"
    category = "Anything"
    tagline = "Any tool that can send a webhook logs what you pick from what it sends."
    link_form = WebhookForm
    # A sender that cannot sign puts the secret itself into a header.
    signature = AnyOf(
        (
            Hmac("X-Signature-256", prefix="sha256="),
            Hmac("X-Hub-Signature-256", prefix="sha256="),
            SharedToken("X-Webhook-Token"),
            SharedToken("Authorization", prefix="Bearer "),
        )
    )
    delivery_header = "X-Delivery-Id"

    def subject(self, config: Mapping[str, Any]) -> str:
        return str(config.get("name") or "")

    def summary(self, link: Link) -> str:
        where = str(link.config.get("text") or DEFAULTS["text"])
        return f"Logs what it finds at {where}"[:80]

    def check_readable(self, hook: Hook) -> None:
        fields(hook)

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        found = Fields(fields(hook), link.config)
        lines = parse(found.found("text"))
        if not lines:
            where = link.config.get("text") or DEFAULTS["text"]
            yield Ignored(Reason.UNSUPPORTED, f"There is no text at {where}.")
        for number, line in enumerate(lines):
            yield draft(found, line, key=self._key(hook, link, found, number))

    def _key(self, hook: Hook, link: Link, found: Fields, number: int) -> str:
        """The sender's own id names the entry; two links may use the same ids."""
        own = found.found("external_id").strip()[:150] or self.delivery_key(hook)
        return f"{link.hash_id}:{own}:{number}"


def fields(hook: Hook) -> Any:
    """The body as JSON, or the fields of a form. Raises Unreadable."""
    is_form = "form-urlencoded" in hook.header("content-type")
    return hook.form if is_form and "payload" not in hook.form else hook.json


def draft(found: Fields, line: Line, *, key: str) -> Draft:
    date = found.date
    return Draft(
        body=line.body,
        kind=found.kind or line.kind,
        key=key,
        url=found.found("url")[:1000],
        occurred_at=date,
        as_of=date,
        actor=actor(found.found("person").strip()),
    )


def actor(person: str) -> Actor:
    """A mail address is evidence; any other name is one that the team has to match once."""
    if not person:
        return NOBODY
    return (
        Actor(email=person) if "@" in person.strip("@") else Actor(uid=person[:200], login=person)
    )


integration = Webhook()
