"""A batch of events of HubSpot, in both of its vocabularies: ``deal.propertyChange``, and
``object.propertyChange`` of the type ``0-3``.

https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
https://developers.hubspot.com/docs/guides/webhooks/create-generic-webhook-subscriptions"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    MILLISECONDS,
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    Retract,
    Unreadable,
    instant,
    line,
    records,
)
from idonethis.partners.hubspot.forms import chosen

#: By the id of their type: https://developers.hubspot.com/docs/guides/crm/understanding-the-crm
NOUNS = {"0-3": "deal", "0-5": "ticket", "0-27": "task"}
TYPES = {noun: number for number, noun in NOUNS.items()}
#: The property in which the stage stands, and the field of the form that says which ones count.
STAGES = {
    "deal": ("dealstage", "won", "Won"),
    "ticket": ("hs_pipeline_stage", "closed", "Closed"),
    "task": ("hs_task_status", "completed", "Completed"),
}
PERSON = "userId:"


@dataclass(frozen=True)
class Change:
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        return line(self.said.get("subscriptionType"))

    @property
    def noun(self) -> str:
        of = self.name.partition(".")[0]
        return NOUNS.get(line(self.said.get("objectTypeId")), "") if of == "object" else of

    @property
    def id(self) -> str:
        return line(self.said.get("objectId"))

    @property
    def key(self) -> str:
        return f"{self.noun}:{line(self.said.get('portalId'))}:{self.id}"

    @property
    def at(self) -> datetime | None:
        return instant(self.said.get("occurredAt"), per_second=MILLISECONDS)

    @property
    def url(self) -> str:
        portal = line(self.said.get("portalId"))
        return f"https://app.hubspot.com/contacts/{portal}/record/{TYPES[self.noun]}/{self.id}"

    @property
    def person(self) -> Actor:
        """Who did it in HubSpot itself; workflows, imports and other tools name nobody."""
        source = line(self.said.get("sourceId"))
        return Actor(uid=source.removeprefix(PERSON) if source.startswith(PERSON) else "")


def batch(body: Any) -> list[Change]:
    if not isinstance(body, list):
        raise Unreadable("What HubSpot sends is a list of events; this is none.")
    return [Change(said) for said in records(body)]


def told(changes: list[Change], config: Mapping[str, Any]) -> Iterator[Event]:
    for change in changes:
        yield _told(change, config)


def _told(change: Change, config: Mapping[str, Any]) -> Event:
    happened = change.name.partition(".")[2]
    if change.noun not in STAGES:
        return Ignored(Reason.UNSUPPORTED, f"HubSpot’s “{change.name}” never makes an entry.")
    if happened == "deletion":
        return Retract(key=change.key, as_of=change.at)
    if happened != "propertyChange":
        return Ignored(Reason.UNSUPPORTED, f"Of a {change.noun}, only its stage makes an entry.")
    return _staged(change, config)


def _staged(change: Change, config: Mapping[str, Any]) -> Event:
    """Into a stage that counts, or anywhere else, and then it counts no more."""
    field, wanted, verb = STAGES[change.noun]
    if line(change.said.get("propertyName")) != field:
        return Ignored(Reason.UNSUPPORTED, f"Of a {change.noun}, only its stage makes an entry.")
    if line(change.said.get("propertyValue")) not in chosen(config, wanted):
        return Retract(key=change.key, as_of=change.at)
    if not change.person.uid:
        return Ignored(Reason.FILTERED, "HubSpot names nobody: no person moved it there.")
    return Draft(
        body=f"{verb} the {change.noun} {change.id}",
        key=change.key,
        url=change.url,
        occurred_at=change.at,
        as_of=change.at,
        actor=change.person,
    )
