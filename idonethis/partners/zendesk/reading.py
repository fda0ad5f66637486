"""The body that ``setup.md`` has people paste into two triggers. Zendesk fills in what stands in
double braces; ``happened`` is ours, since statuses are told in the language of the account:
https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Hook,
    Ignored,
    Reason,
    Retract,
    Unreadable,
    instant,
    line,
    record,
)


@dataclass(frozen=True)
class Sent:
    body: Mapping[str, Any]
    received_at: datetime

    @classmethod
    def of(cls, hook: Hook) -> Sent:
        if not isinstance(hook.json, dict):
            raise Unreadable("A trigger sends the JSON object that you pasted; this is none.")
        return cls(hook.json, hook.received_at)

    def told(self) -> Event:
        happened = line(self.body.get("happened"))
        if not self.ticket:
            return Ignored(Reason.UNSUPPORTED, "There is no ticket in it: paste the body anew.")
        if happened == "solved":
            return self._solved()
        if happened == "reopened":
            return Retract(key=self.key, as_of=self.at)
        return Ignored(Reason.UNSUPPORTED, f"A ticket that is “{happened}” makes no entry.")

    @property
    def ticket(self) -> Mapping[str, Any]:
        return record(self.body.get("ticket"))

    @property
    def at(self) -> datetime:
        return instant(self.ticket.get("updated_at")) or self.received_at

    @property
    def url(self) -> str:
        """Zendesk tells some addresses of a ticket without their scheme."""
        said = line(self.ticket.get("url"))
        return said if "://" in said or not said else f"https://{said}"

    @property
    def key(self) -> str:
        """Two accounts number their tickets alike."""
        return f"ticket:{_host(self.url)}:{line(self.ticket.get('id'))}"

    def _solved(self) -> Event:
        assignee = _person(record(self.body.get("assignee")))
        if not assignee.uid:
            return Ignored(Reason.NO_PERSON, "The ticket is assigned to nobody.")
        number = line(self.ticket.get("id"))
        return Draft(
            body=f"Solved “{line(self.ticket.get('title')) or 'untitled'}” (#{number})",
            key=self.key,
            url=self.url,
            occurred_at=instant(self.ticket.get("updated_at")),
            as_of=self.at,
            actor=assignee,
            place=line(self.ticket.get("group")),
            labels=tuple(line(self.ticket.get("tags")).split()),
        )


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _person(said: Mapping[str, Any]) -> Actor:
    """Whoever edits the trigger could write any address there, so it proves nothing."""
    return Actor(
        uid=line(said.get("id")), name=line(said.get("name")), email=line(said.get("email"))
    )
