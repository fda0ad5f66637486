"""The body that ``setup.md`` has people paste into two rules. Freshdesk fills in what stands in
double braces; ``happened`` is ours, since statuses have the names that each account gives them:
https://support.freshdesk.com/support/solutions/articles/132589"""

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
    line,
    record,
)


@dataclass(frozen=True)
class Sent:
    """``at`` is when it came here: a rule knows no time."""

    ticket: Mapping[str, Any]
    at: datetime

    @classmethod
    def of(cls, hook: Hook) -> Sent:
        if not isinstance(hook.json, dict):
            raise Unreadable("A rule sends the JSON object that you pasted; this is none.")
        return cls(record(hook.json.get("freshdesk_webhook")), hook.received_at)

    def told(self) -> Event:
        happened = self.said("happened")
        if not self.said("ticket_id"):
            return Ignored(Reason.UNSUPPORTED, "There is no ticket in it: paste the body anew.")
        if happened == "resolved":
            return self._resolved()
        if happened == "reopened":
            return Retract(key=self.key, as_of=self.at)
        why = f"“happened” must be resolved or reopened; this is “{happened}”."
        return Ignored(Reason.UNSUPPORTED, why)

    def said(self, name: str) -> str:
        return line(self.ticket.get(name)).strip()

    @property
    def key(self) -> str:
        """Two accounts number their tickets alike."""
        return f"ticket:{_host(self.said('ticket_url'))}:{self.said('ticket_id')}"

    @property
    def agent(self) -> Actor:
        """A rule tells no id of an agent. The address under which they sign in names them as well,
        but proves nothing: whoever edits the rule could write any."""
        email = self.said("ticket_agent_email").lower()
        return Actor(uid=email, name=self.said("ticket_agent_name"), email=email)

    def _resolved(self) -> Event:
        if not self.agent.uid:
            return Ignored(Reason.NO_PERSON, "The ticket is assigned to nobody.")
        subject, number = self.said("ticket_subject") or "untitled", self.said("ticket_id")
        return Draft(
            body=f"Resolved “{subject}” (#{number})",
            key=self.key,
            url=self.said("ticket_url"),
            as_of=self.at,
            actor=self.agent,
            place=self.said("ticket_group_name"),
            labels=tuple(filter(None, map(str.strip, self.said("ticket_tags").split(",")))),
        )


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
