"""The body that ``setup.md`` has people paste into two rules. Freshdesk fills in what stands in
double braces; ``happened`` is ours, since statuses have the names that each account gives them:
https://support.freshdesk.com/support/solutions/articles/132589

Whoever writes to the support chooses the subject, and no page says that quotes in it are escaped.
So it stands first, in an object without others in it: of a name that is there twice, the last
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
    line,
)


@dataclass(frozen=True)
class Sent:
    """``at`` is when it came here: a rule knows no time."""

    body: Mapping[str, Any]
    at: datetime

    @classmethod
    def of(cls, hook: Hook) -> Sent:
        if not isinstance(hook.json, dict):
            raise Unreadable("A rule sends the JSON object that you pasted; this is none.")
        return cls(hook.json, hook.received_at)

    def told(self) -> Event:
        happened = self.said("happened")
        if not self.said("id"):
            return Ignored(Reason.UNSUPPORTED, "There is no ticket in it: paste the body anew.")
        if happened == "resolved":
            return self._resolved()
        if happened == "reopened":
            return Retract(key=self.key, as_of=self.at)
        why = f"“happened” must be resolved or reopened; this is “{happened}”."
        return Ignored(Reason.UNSUPPORTED, why)

    def said(self, name: str) -> str:
        return line(self.body.get(name)).strip()

    @property
    def key(self) -> str:
        """Two accounts number their tickets alike."""
        return f"ticket:{_host(self.said('url'))}:{self.said('id')}"

    @property
    def agent(self) -> Actor:
        """A rule tells no id of an agent. The address under which they sign in names them as well,
        but proves nothing: whoever edits the rule could write any."""
        email = self.said("agent_email").lower()
        return Actor(uid=email, name=self.said("agent_name"), email=email)

    def _resolved(self) -> Event:
        if not self.agent.uid:
            return Ignored(Reason.NO_PERSON, "The ticket is assigned to nobody.")
        subject, number = self.said("subject") or "untitled", self.said("id")
        return Draft(
            body=f"Resolved “{subject}” (#{number})",
            key=self.key,
            url=self.said("url"),
            as_of=self.at,
            actor=self.agent,
            place=self.said("group"),
            labels=tuple(filter(None, map(str.strip, self.said("tags").split(",")))),
        )


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
