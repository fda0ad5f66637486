"""What becomes of an issue at Sentry:
https://docs.sentry.io/integrations/integration-platform/webhooks/issues/"""

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
    Hook,
    Ignored,
    Reason,
    Retract,
    instant,
    json_object,
    line,
    record,
)

#: How an issue is open again without anybody having said that it was not solved.
BY_ITSELF = ("regressed", "escalating")


@dataclass(frozen=True)
class Change:
    """``at`` is when it came here: of all the times in a body, none says when it was resolved."""

    body: Mapping[str, Any]
    at: datetime

    @classmethod
    def of(cls, hook: Hook) -> Change:
        return cls(json_object(hook.json, "An event of Sentry"), hook.received_at)

    def told(self, *, wants_blockers: bool) -> Event:
        action = line(self.body.get("action"))
        if action == "resolved":
            return self._resolved()
        if action == "unresolved":
            return self._unresolved()
        if action == "created" and wants_blockers:
            return self._new()
        return Ignored(Reason.UNSUPPORTED, _why_none(action))

    @property
    def issue(self) -> Mapping[str, Any]:
        return record(record(self.body.get("data")).get("issue"))

    @property
    def key(self) -> str:
        return f"issue:{line(self.issue.get('id'))}"

    @property
    def named(self) -> str:
        """``“ZeroDivisionError: division by zero” (ENGINE-7)``"""
        number = line(self.issue.get("shortId"))
        title = line(self.issue.get("title")) or "untitled"
        return f"“{title}”" + f" ({number})" * bool(number)

    @property
    def project(self) -> str:
        said = record(self.issue.get("project"))
        return line(said.get("slug")) or line(said.get("name"))

    @property
    def url(self) -> str:
        return line(self.issue.get("web_url")) or line(self.issue.get("permalink"))

    @property
    def actor(self) -> Actor:
        """Sentry itself and other integrations are called applications:
        https://docs.sentry.io/integrations/integration-platform/webhooks/#request-structure"""
        said = record(self.body.get("actor"))
        return person(said, bot=line(said.get("type")) != "user")

    def _resolved(self) -> Draft:
        return Draft(
            body=f"Resolved {self.named}",
            key=self.key,
            url=self.url,
            as_of=self.at,
            actor=self.actor,
            place=self.project,
        )

    def _unresolved(self) -> Event:
        """An error that comes back after weeks does not undo what somebody did about it."""
        if line(self.issue.get("substatus")) in BY_ITSELF or self.actor.bot:
            why = "It is open again by itself; that somebody had resolved it stays."
            return Ignored(Reason.UNSUPPORTED, why)
        return Retract(key=self.key, as_of=self.at)

    def _new(self) -> Draft:
        seen = instant(self.issue.get("firstSeen"))
        assigned = record(self.issue.get("assignedTo"))
        is_persons = line(assigned.get("type")) == "user"
        return Draft(
            body=f"New issue {self.named}",
            kind="blocked",
            key=f"new:{self.key}",
            url=self.url,
            occurred_at=seen,
            as_of=seen,
            actor=person(assigned) if is_persons else NOBODY,
            place=self.project,
        )


def person(said: Mapping[str, Any], *, bot: bool = False) -> Actor:
    """Whether Sentry has verified the address of an account, it does not say."""
    uid, name = line(said.get("id")), line(said.get("name"))
    return Actor(uid=uid, name=name, email=line(said.get("email")), bot=bot)


def _why_none(action: str) -> str:
    if action == "created":
        return "This link does not log new issues."
    happened = f"“{action}”" if action else "without a name"
    return f"An issue makes an entry once it is resolved; this event is {happened}."
