"""The body that ``setup.md`` has people paste into two triggers. Zendesk fills in what stands in
double braces; ``happened`` is ours, since statuses are told in the language of the account:
https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/

Whoever writes to the support chooses the title, and no page says that quotes in it are escaped. So
it stands first, in an object without others in it: of a name that is there twice, the last
counts."""

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

    def said(self, name: str) -> str:
        return line(self.body.get(name))

    def told(self) -> Event:
        happened = self.said("happened")
        if not self.said("id"):
            return Ignored(Reason.UNSUPPORTED, "There is no ticket in it: paste the body anew.")
        if happened == "solved":
            return self._solved()
        if happened == "reopened":
            return Retract(key=self.key, as_of=self.at)
        return Ignored(Reason.UNSUPPORTED, f"A ticket that is “{happened}” makes no entry.")

    @property
    def at(self) -> datetime:
        return instant(self.said("updated_at")) or self.received_at

    @property
    def url(self) -> str:
        """Zendesk tells some addresses of a ticket without their scheme."""
        said = self.said("url")
        return said if "://" in said or not said else f"https://{said}"

    @property
    def key(self) -> str:
        """Two accounts number their tickets alike."""
        return f"ticket:{_host(self.url)}:{self.said('id')}"

    @property
    def assignee(self) -> Actor:
        """Whoever edits the trigger could write any address there, so it proves nothing."""
        return Actor(
            uid=self.said("assignee_id"),
            name=self.said("assignee_name"),
            email=self.said("assignee_email"),
        )

    def _solved(self) -> Event:
        if not self.assignee.uid:
            return Ignored(Reason.NO_PERSON, "The ticket is assigned to nobody.")
        return Draft(
            body=f"Solved “{self.said('title') or 'untitled'}” (#{self.said('id')})",
            key=self.key,
            url=self.url,
            occurred_at=instant(self.said("updated_at")),
            as_of=self.at,
            actor=self.assignee,
            place=self.said("group"),
            labels=tuple(self.said("tags").split()),
        )


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
