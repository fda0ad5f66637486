"""Shortcut: a completed story or epic becomes a done.

https://developer.shortcut.com/api/webhook/v1, https://developer.shortcut.com/api/rest/v3"""

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
    Ignored,
    Link,
    PicksOne,
    Reason,
    Renews,
    Topic,
    line,
    record,
)
from idonethis.partners.shortcut import api
from idonethis.partners.shortcut.forms import ShortcutCredentials, ShortcutForm
from idonethis.partners.shortcut.reading import Change
from idonethis.partners.shortcut.refusals import ANSWERS

TOPICS = {
    "story": Topic("Completed stories", "completed stories"),
    "epic": Topic("Completed epics", "completed epics"),
}


class Shortcut(PicksOne, Renews):
    """Its webhooks hold for good, but nobody can change one: to put one right, or bring it a new
    secret, is to make another and remove the one before."""

    name = "Shortcut"
    category = "Planning"
    introducer = registrar = api
    tagline = "Completed stories and epics become dones of whoever completes them."
    place = "workspace"
    credentials = ShortcutCredentials
    link_form = ShortcutForm
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://app.shortcut.com",
        "api": "https://api.app.shortcut.com/api/v3",
    }
    reads = ("your name", "the name of your workspace", "what changes in the workspace")
    writes = ("one webhook for the workspace",)
    answers = ANSWERS
    asks = Asks(topics=TOPICS)
    # https://developer.shortcut.com/api/webhook/v1: in hexadecimal, without a prefix.
    signature = Hmac("Payload-Signature")

    def summary(self, link: Link) -> str:
        said = self.asks.said(link.config)
        return f"Logs {' and '.join(said) or 'nothing'}"

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {"Shortcut-Token": str(secrets.get("token", ""))}

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        name = api.workspace(client)
        return [Choice(name, name)] if query.lower() in name.lower() else []

    def hooks_page(self, subject: str) -> str:
        return f"{self.address('web')}/{subject}/settings/integrations"

    def check_readable(self, hook: Hook) -> None:
        Change.all_of(hook.json)

    def delivery_key(self, hook: Hook) -> str:
        """What is sent again carries the same id."""
        return line(record(hook.json).get("id")) or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        first = next(iter(Change.all_of(hook.json)), None)
        return f"{first.kind}.{line(first.action.get('action'))}"[:80] if first else ""

    def topic(self, hook: Hook) -> str:
        """Several things that are changed at once are of one kind."""
        return next((each.kind for each in Change.all_of(hook.json) if each.kind in TOPICS), "")

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        things = [each for each in Change.all_of(hook.json) if each.kind in TOPICS]
        for thing in things:
            yield thing.event
        if not things:
            yield Ignored(Reason.UNSUPPORTED, "Only stories and epics make entries.")


integration = Shortcut()
