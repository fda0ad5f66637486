"""Reading GitHub's webhook bodies: https://docs.github.com/en/webhooks/webhook-events-and-payloads

Much in them may be null: a deleted account, the head of a deleted branch, a body without text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from idonethis.entries.text import one_line
from idonethis.integrations.base import Actor, Unreadable

#: https://docs.github.com/en/account-and-profile/reference/email-addresses-reference
NOREPLY = re.compile(r"(\d{1,20})\+[\w.-]{1,40}(?:\[bot\])?@users\.noreply\.github\.com")


def record(value: Any) -> Mapping[str, Any]:
    """A JSON object; nothing, where GitHub sends null."""
    return value if isinstance(value, dict) else {}


def actor(account: Any, *, email: str = "") -> Actor:
    """An account of GitHub's ``user`` shape."""
    known = record(account)
    login = str(known.get("login") or "")
    bot = known.get("type") == "Bot" or login.endswith("[bot]")
    uid = str(known.get("id") or "")
    return Actor(uid, login, str(known.get("name") or ""), email, bot)


def uid_of_noreply(email: str) -> str:
    """The account behind the address that GitHub gives out instead of a private one."""
    found = NOREPLY.fullmatch(email)
    return found[1] if found else ""


def instant(value: Any) -> datetime | None:
    """GitHub writes instants as ISO 8601, and in pushes also as seconds since 1970."""
    try:
        if isinstance(value, int):
            return datetime.fromtimestamp(value, UTC)
        parsed = datetime.fromisoformat(str(value or ""))
    except (ValueError, OverflowError, OSError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Payload:
    """One body, and what the link wants of private repositories: title, count or full."""

    body: Mapping[str, Any]
    private: str = "title"

    @classmethod
    def of(cls, body: Any, config: Mapping[str, Any]) -> Payload:
        if not isinstance(body, dict):
            raise Unreadable("A GitHub event is a JSON object; this is none.")
        return cls(body, str(config.get("private") or "title"))

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return record(self.body.get(name))

    @property
    def action(self) -> str:
        return str(self.body.get("action") or "")

    @property
    def sender(self) -> Actor:
        return actor(self["sender"])

    @property
    def repository(self) -> str:
        """``owner/name``, for people. Keys use the id: repositories are renamed and moved."""
        return str(self["repository"].get("full_name") or "a repository")

    @property
    def repository_id(self) -> str:
        return str(self["repository"].get("id") or self.repository)

    @property
    def hides_names(self) -> bool:
        """Not even the name of the repository may show."""
        return self._is_private and self.private == "count"

    @property
    def hides_details(self) -> bool:
        return self._is_private and self.private != "full"

    @property
    def _is_private(self) -> bool:
        return self["repository"].get("private") is not False

    @property
    def where(self) -> str:
        return "a private repository" if self.hides_names else self.repository

    def url(self, thing: Mapping[str, Any]) -> str:
        return "" if self.hides_names else str(thing.get("html_url") or "")

    def titled(self, verb: str, noun: str, thing: Mapping[str, Any]) -> str:
        """``Merged “Fix the roof” (#12)``, or as little of it as the link allows."""
        if self.hides_names:
            return f"{verb} {noun} in a private repository"
        title = one_line(str(thing.get("title") or "")) or "untitled"
        return f"{verb} “{title}” (#{thing.get('number')})"
