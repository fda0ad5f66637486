"""What a webhook sends that subscribes to events. Statuses are told in English and capitals, people
and groups by their ids alone:
https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    Retitle,
    Retract,
    instant,
    line,
    lines,
    record,
)

PREFIX = "zen:event-type:"
#: In which a ticket is being worked on, or is no longer there.
UNDONE = frozenset(("NEW", "OPEN", "PENDING", "HOLD", "DELETED"))


@dataclass(frozen=True)
class Change:
    """``site`` is the host of the account, where the link knows it."""

    body: Mapping[str, Any]
    site: str

    @classmethod
    def of(cls, body: Any, *, site: str) -> Change | None:
        """None for what a trigger sends: ``happened`` stands in each of its bodies, last, and
        whoever writes a title cannot take it away."""
        said = record(body)
        is_event = line(said.get("type")).startswith(PREFIX) and "happened" not in said
        return cls(said, site) if is_event else None

    @property
    def type(self) -> str:
        return line(self.body.get("type")).removeprefix(PREFIX)

    def told(self) -> Event:
        if not self.id:
            return Ignored(Reason.UNSUPPORTED, "There is no ticket in it.")
        if self.type == "ticket.status_changed":
            return self._moved()
        if self.type == "ticket.subject_changed":
            return Retitle(key=self.key, body=self._text, as_of=self.at)
        return Ignored(Reason.UNSUPPORTED, f"Zendesk’s “{self.type}” never makes an entry.")

    @property
    def ticket(self) -> Mapping[str, Any]:
        return record(self.body.get("detail"))

    @property
    def id(self) -> str:
        return line(self.ticket.get("id"))

    @property
    def at(self) -> datetime | None:
        return instant(self.body.get("time"))

    @property
    def key(self) -> str:
        """As what a trigger says of the same ticket, as far as the account is known."""
        return f"ticket:{self.site or line(self.body.get('account_id'))}:{self.id}"

    def _moved(self) -> Event:
        """One that is closed has been solved before, or was merged into another."""
        status = line(record(self.body.get("event")).get("current")).upper()
        if status == "SOLVED":
            return self._solved()
        if status in UNDONE:
            return Retract(key=self.key, as_of=self.at)
        return Ignored(Reason.UNSUPPORTED, f"A ticket that is “{status}” makes no entry.")

    def _solved(self) -> Event:
        assignee = _id(self.ticket.get("assignee_id"))
        if not assignee:
            return Ignored(Reason.NO_PERSON, "The ticket is assigned to nobody.")
        return Draft(
            body=self._text,
            key=self.key,
            url=f"https://{self.site}/agent/tickets/{self.id}" if self.site else "",
            occurred_at=self.at,
            as_of=self.at,
            actor=Actor(uid=assignee),
            place=_id(self.ticket.get("group_id")),
            labels=tuple(lines(self.ticket.get("tags"))),
        )

    @property
    def _text(self) -> str:
        return f"Solved “{line(self.ticket.get('subject')) or 'untitled'}” (#{self.id})"


def _id(value: Any) -> str:
    """Of nobody and nothing it is 0."""
    found = line(value)
    return "" if found == "0" else found
