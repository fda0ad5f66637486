"""What a hook would become, worked out without a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from idonethis.entries.drafts import Draft, Growing, Retitle, Retract
from idonethis.integrations.base import Event, Link, Receives
from idonethis.integrations.signatures import Refused
from idonethis.integrations.values import (
    Hook,
    Ignored,
    Reason,
    Response,
    Revoked,
    Secret,
    Unreadable,
)


@dataclass(frozen=True)
class Preview:
    """``secret`` None: the signature is not looked at."""

    integration: Receives
    hook: Hook
    link: Link
    secret: Secret | None = None

    def facts(self) -> dict[str, Any]:
        """``verified``, ``response``, ``outcome`` (draft, ignored, refused, error), ``reason``,
        ``drafts``: see ``idonethis preview --help``."""
        try:
            self._check()
        except Refused:
            return self._refused(Reason.BAD_SIGNATURE, verified=False)
        except Unreadable:
            return self._refused(Reason.UNREADABLE, verified=self._verified)
        if len(self.hook.body) > (self.integration.body_limit or settings.HOOK_BODY_LIMIT):
            return self._refused(Reason.TOO_LARGE, verified=self._verified)
        if answer := self.integration.challenge(self.hook):
            return self._said(answer, "ignored", Reason.PING, why="A handshake; it is not stored.")
        return self._read()

    def _check(self) -> None:
        if self.secret is not None:
            self.integration.signature.check(self.hook, [self.secret])
        self.integration.check_readable(self.hook)

    @property
    def _verified(self) -> bool | None:
        return None if self.secret is None else True

    def _refused(self, reason: Reason, *, verified: bool | None) -> dict[str, Any]:
        response = self.integration.refused(reason)
        facts = self._said(response, "refused", reason, why="Nothing would be stored.")
        return facts | {"verified": verified}

    def _read(self) -> dict[str, Any]:
        accepted = self.integration.accepted(self.hook)
        try:
            events = list(self.integration.read(self.hook, self.link))
        except Unreadable as problem:
            return self._said(accepted, "error", Reason.UNREADABLE, why=str(problem))
        except Exception as problem:
            why = f"The integration could not read this ({type(problem).__name__}: {problem})."
            return self._said(accepted, "error", Reason.FAILED, why=why)
        return self._told(accepted, events)

    def _told(self, accepted: Response, events: list[Event]) -> dict[str, Any]:
        drafts = [event for event in events if isinstance(event, Draft)]
        if drafts:
            facts = self._said(accepted, "draft", Reason.CREATED, why="")
            return facts | {"drafts": [_draft(draft) for draft in drafts]}
        reason, why = _reason(events)
        return self._said(accepted, "ignored", reason, why=why)

    def _said(
        self, response: Response, outcome: str, reason: Reason, *, why: str
    ) -> dict[str, Any]:
        headers = {"content-type": response.content_type, **dict(response.headers)}
        body = response.body.decode(errors="replace")
        return {
            "verified": self._verified,
            "response": {"status": response.status, "headers": headers, "body": body},
            "outcome": outcome,
            "reason": reason.value,
            "why": why,
            "drafts": [],
        }


def _reason(events: Iterable[Event]) -> tuple[Reason, str]:
    """Of events that make no entry, what the first one does."""
    first = next(iter(events))
    if isinstance(first, Ignored):
        return first.reason, first.why
    if isinstance(first, Retitle):
        return Reason.UPDATED, f"It would change the words of its entry to: {first.body}"
    if isinstance(first, Retract):
        return Reason.RETRACTED, "It would take its entry back."
    return Reason.DISCONNECTED, first.why if isinstance(first, Revoked) else ""


def _draft(draft: Draft) -> dict[str, Any]:
    actor, body = draft.actor, draft.body
    if isinstance(draft, Growing):
        count = len(draft.details)
        body = body.replace("{count}", str(count), 1).replace("{s}", "" if count == 1 else "s", 1)
    return {
        "kind": draft.kind,
        "body": body,
        "url": draft.url,
        "occurred_at": draft.occurred_at.isoformat() if draft.occurred_at else None,
        "key": draft.key,
        "actor": {
            "uid": actor.uid,
            "login": actor.login,
            "name": actor.name,
            "email": actor.email,
        },
        "details": [detail.text for detail in draft.details],
    }
