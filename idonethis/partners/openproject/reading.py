"""What a webhook of OpenProject says: how a work package is now, as its API shows it.

https://www.openproject.org/docs/api/endpoints/work-packages/

It says neither what has changed, nor who did it, nor since when the status is what it is. So each
webhook is read alike, and whatever is the same as before changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
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
)

#: Of the statuses that OpenProject brings along, the closed one for what nobody is going to do:
#: https://www.openproject.org/docs/system-admin-guide/manage-work-packages/work-package-status/
DROPPED = "rejected"


@dataclass(frozen=True)
class WorkPackage:
    body: Mapping[str, Any]
    site: str = ""

    @classmethod
    def of(cls, body: Any, *, site: str = "") -> WorkPackage:
        return cls(json_object(body, "A webhook of OpenProject"), site.rstrip("/"))

    @property
    def action(self) -> str:
        return line(self.body.get("action"))

    @property
    def said(self) -> Mapping[str, Any]:
        return record(self.body.get("work_package"))

    @property
    def id(self) -> str:
        return line(self.said.get("id"))

    @property
    def key(self) -> str:
        return f"work_package:{self.id}"

    @property
    def at(self) -> datetime | None:
        return instant(self.said.get("updatedAt"))

    def part(self, name: str) -> Mapping[str, Any]:
        return record(record(self.said.get("_embedded")).get(name))

    def events(self) -> Iterator[Event]:
        status = line(self.part("status").get("name"))
        if not self.id:
            yield Ignored(Reason.UNSUPPORTED, "It names no work package.")
        elif self.part("status").get("isClosed") is not True:
            yield from self._not_done(Reason.UNSUPPORTED, "It makes an entry once it is closed.")
        elif status.casefold() == DROPPED:
            yield from self._not_done(Reason.FILTERED, f"It was closed as “{status}”.")
        else:
            yield self._done()

    def _not_done(self, reason: Reason, why: str) -> Iterator[Event]:
        """It may have been done before."""
        yield Ignored(reason, why)
        if self.action == "work_package:updated":
            yield Retract(key=self.key, as_of=self.at)

    def _done(self) -> Event:
        assignee = self.part("assignee")
        if line(assignee.get("_type")) != "User":
            why = "It is assigned to no person, and OpenProject does not say who closed it."
            return Ignored(Reason.NO_PERSON, why)
        return Draft(
            body=f"Closed “{line(self.said.get('subject')) or 'untitled'}” (#{self.id})",
            key=self.key,
            url=f"{self.site}/work_packages/{self.id}" if self.site else "",
            occurred_at=self.at,
            as_of=self.at,
            actor=person(assignee),
            place=line(self.part("project").get("name")),
        )


def person(said: Mapping[str, Any]) -> Actor:
    """Their address is a hint: OpenProject lets everybody change their own unchecked."""
    return Actor(
        uid=line(said.get("id")),
        login=line(said.get("login")),
        name=line(said.get("name")),
        email=line(said.get("email")),
    )
