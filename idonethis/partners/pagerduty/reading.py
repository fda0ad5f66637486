"""What an event of PagerDuty says: https://developer.pagerduty.com/docs/webhooks-overview"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    NOBODY,
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    Retract,
    instant,
    json_object,
    line,
    record,
    records,
)


@dataclass(frozen=True)
class Happening:
    event: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Happening:
        return cls(record(json_object(body, "An event of PagerDuty").get("event")))

    def told(self, *, wants_blockers: bool) -> Event:
        if self.type == "incident.resolved":
            return self._resolved()
        if self.type == "incident.reopened":
            return Retract(key=self.key, as_of=self.at)
        if self.type == "incident.triggered":
            return self._triggered() if wants_blockers else _unwanted()
        if self.type == "pagey.ping":
            return Ignored(Reason.PING, "PagerDuty tried the address.")
        return Ignored(Reason.UNSUPPORTED, f"PagerDuty’s “{self.type}” never makes an entry.")

    @property
    def type(self) -> str:
        return line(self.event.get("event_type"))

    @property
    def at(self) -> datetime | None:
        return instant(self.event.get("occurred_at"))

    @property
    def incident(self) -> Mapping[str, Any]:
        return record(self.event.get("data"))

    @property
    def key(self) -> str:
        return f"incident:{line(self.incident.get('id'))}"

    @property
    def named(self) -> str:
        """``“The mill stands still” (#12)``"""
        number = line(self.incident.get("number"))
        return f"“{line(self.incident.get('title')) or 'untitled'}”" + f" (#{number})" * bool(
            number
        )

    def _resolved(self) -> Event:
        """Monitoring, a time-out or a merge resolves incidents, too, and is nobody's work."""
        agent = record(self.event.get("agent"))
        reason = line(record(self.incident.get("resolve_reason")).get("type"))
        if reason.startswith("merge"):
            return Ignored(Reason.FILTERED, "The incident was merged into another one.")
        if not _is_person(agent):
            return Ignored(Reason.FILTERED, "It was resolved by itself: PagerDuty names nobody.")
        return self._draft(f"Resolved the incident {self.named}", actor=person(agent))

    def _triggered(self) -> Draft:
        assigned = [each for each in records(self.incident.get("assignees")) if _is_person(each)]
        return self._draft(
            f"Incident {self.named}",
            kind="blocked",
            key=f"triggered:{self.key}",
            actor=person(assigned[0]) if assigned else NOBODY,
        )

    def _draft(self, body: str, *, actor: Actor, kind: str = "done", key: str = "") -> Draft:
        return Draft(
            body=body,
            kind=kind,
            key=key or self.key,
            url=line(self.incident.get("html_url")),
            occurred_at=self.at,
            as_of=self.at,
            actor=actor,
            place=line(record(self.incident.get("service")).get("summary")),
        )


def _is_person(said: Mapping[str, Any]) -> bool:
    return line(said.get("type")) in ("user_reference", "user") and bool(line(said.get("id")))


def person(said: Mapping[str, Any]) -> Actor:
    """A reference tells the id and the name, and no mail address."""
    return Actor(uid=line(said.get("id")), name=line(said.get("summary")))


def _unwanted() -> Ignored:
    return Ignored(Reason.UNSUPPORTED, "This link does not log triggered incidents.")
