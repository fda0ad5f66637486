"""What would become of a hook, worked out without a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from idonethis.entries.drafts import Actor, Draft, Growing, Retitle, Retract
from idonethis.entries.models.worded import counted
from idonethis.entries.text import address
from idonethis.integrations.base import Event, Found, Link, Reads, Receives, Replies, Suggested
from idonethis.integrations.signatures import Refused
from idonethis.integrations.values import (
    EMPTY,
    Hook,
    Ignored,
    Reason,
    Response,
    Revoked,
    Secret,
    Unreadable,
)


@dataclass(frozen=True)
class Fate:
    """``outcome`` is draft, ignored, refused or error; ``verified`` None: nobody looked."""

    outcome: str
    reason: Reason
    response: Response
    why: str = ""
    verified: bool | None = None
    drafts: tuple[Draft, ...] = ()

    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        response = self.response
        headers = {"content-type": response.content_type, **dict(response.headers)}
        body = response.body.decode(errors="replace")
        return {
            "verified": self.verified,
            "response": {"status": response.status, "headers": headers, "body": body},
            "outcome": self.outcome,
            "reason": self.reason.value,
            "why": self.why,
            "drafts": [_facts_of(draft) for draft in self.drafts],
        }


@dataclass(frozen=True)
class Preview:
    """``secret`` None: the signature is not looked at. Raises nothing, whatever the hook holds."""

    integration: Reads
    hook: Hook
    link: Link
    secret: Secret | None = None

    def facts(self) -> dict[str, Any]:
        return self.fate().facts()

    def fate(self) -> Fate:
        """Of what we have asked for, nothing is checked, and nobody waits for an answer."""
        if isinstance(self.integration, Receives):
            return self._taken(self.integration)
        return self._read(EMPTY)

    def _taken(self, integration: Receives) -> Fate:
        if len(self.hook.body) > integration.largest_body:
            return self._refused(integration, Reason.TOO_LARGE, verified=None)
        try:
            return self._checked(integration)
        except Refused:
            return self._refused(integration, Reason.BAD_SIGNATURE, verified=False)
        except Unreadable:
            return self._refused(integration, Reason.UNREADABLE, verified=self._verified)
        except Exception as problem:
            return self._failed(problem, Response(500))

    def _checked(self, integration: Receives) -> Fate:
        if self.secret is not None:
            integration.signature.check(self.hook, [self.secret])
        integration.check_readable(self.hook)
        if answer := integration.challenge(self.hook):
            why = "A handshake; it is answered, not stored."
            return Fate("ignored", Reason.PING, answer, why, self._verified)
        return self._read(self._answer(integration))

    def _answer(self, integration: Receives) -> Response:
        """A reply that fails is none, as in the ingest."""
        accepted = integration.accepted(self.hook)
        if not isinstance(integration, Replies):
            return accepted
        try:
            return integration.reply(self.hook, Acquaintances(self.hook))
        except Exception:
            return accepted

    def _read(self, answer: Response) -> Fate:
        try:
            events = list(self.integration.read(self.hook, self.link))
        except Unreadable as problem:
            return Fate("error", Reason.UNREADABLE, answer, str(problem), self._verified)
        except Exception as problem:
            return self._failed(problem, answer)
        drafts = tuple(
            replace(event, url=address(event.url)) for event in events if isinstance(event, Draft)
        )
        if drafts:
            return Fate("draft", Reason.CREATED, answer, "", self._verified, drafts)
        return Fate("ignored", *_ending(events, answer), self._verified)

    def _refused(self, integration: Receives, reason: Reason, *, verified: bool | None) -> Fate:
        answer = integration.refused(reason)
        return Fate("refused", reason, answer, "Nothing would be stored.", verified)

    def _failed(self, problem: Exception, answer: Response) -> Fate:
        why = f"The integration could not read this ({type(problem).__name__}: {problem})."
        return Fate("error", Reason.FAILED, answer, why, self._verified)

    @property
    def _verified(self) -> bool | None:
        return None if self.secret is None else True


@dataclass(frozen=True)
class Acquaintances:
    """A directory in which everybody is known, so that a reply is what a member would read."""

    hook: Hook

    def find(self, actor: Actor) -> Found | Reason:
        name = actor.name or actor.login or "You"
        return Found(name, "Your team", self.hook.received_at.date(), settings.BASE_URL)

    def suggestions(self, actor: Actor) -> tuple[Suggested, ...]:
        return ()

    def claim_url(self, actor: Actor) -> str:
        return str(settings.BASE_URL)


def _ending(events: Iterable[Event], answer: Response) -> tuple[Reason, Response, str]:
    """Of events that make no entry, what the first one does."""
    first = next(iter(events))
    if isinstance(first, Ignored):
        return first.reason, answer, first.why
    if isinstance(first, Retitle):
        why = f"It would change the words of its entry to: {first.body}"
        return Reason.UPDATED, answer, why
    if isinstance(first, Retract):
        return Reason.RETRACTED, answer, "It would take its entry back."
    return Reason.DISCONNECTED, answer, first.why if isinstance(first, Revoked) else ""


def body_of(draft: Draft) -> str:
    """As it would read, were this hook the only one of its day."""
    growing = isinstance(draft, Growing)
    return counted(draft.body, len(draft.details)) if growing else draft.body


def _facts_of(draft: Draft) -> dict[str, Any]:
    actor = draft.actor
    return {
        "kind": draft.kind,
        "body": body_of(draft),
        "url": draft.url,
        "occurred_at": draft.occurred_at.isoformat() if draft.occurred_at else None,
        "day": draft.day.isoformat() if draft.day else None,
        "key": draft.key,
        "actor": {
            "uid": actor.uid,
            "login": actor.login,
            "name": actor.name,
            "email": actor.email,
        },
        "details": [detail.text for detail in draft.details],
    }
