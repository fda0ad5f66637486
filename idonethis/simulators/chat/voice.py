"""What people say in the rooms of a pretend partner, and how it tells an application of that."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from ..sending import Attempt
from ..store import Record


@dataclass(frozen=True)
class Person:
    login: str
    name: str
    number: int

    @property
    def mail(self) -> str:
        return f"{self.login}@engines.example.org"


PEOPLE = {
    person.login: person
    for person in (
        Person("ada", "Ada Lovelace", 1815),
        Person("grace", "Grace Hopper", 1906),
        Person("mallory", "Mallory", 6666),
    )
}


@dataclass(frozen=True)
class Utterance:
    """``number`` is of the message, ``secret`` what the application knows, ``now`` in seconds since
    1970; ``edited``: the message stood there before, in other words."""

    person: Person
    room: str
    title: str
    text: str
    number: int
    now: int
    secret: str
    edited: bool = False

    @property
    def command(self) -> tuple[str, str] | None:
        """Its name and what follows it, if it is one."""
        name, _, rest = self.text.partition(" ")
        return (name, rest) if name.startswith("/") else None


@dataclass(frozen=True)
class Sent:
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, content: Any, **headers: str) -> Sent:
        return cls(json.dumps(content).encode(), {"Content-Type": "application/json", **headers})

    @classmethod
    def form(cls, fields: Mapping[str, Any], **headers: str) -> Sent:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return cls(urlencode(fields).encode(), {**kind, **headers})


def nobody(hooks: Record, said: Utterance) -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True)
class Voice:
    """``sends``: the request for what somebody said. ``hears``: what the partner shows of the
    answer, a JSON object; nothing, where it shows nothing. ``edits``: it tells of them, too.
    ``listening``: which of the webhooks that were made there are told this, as address and
    secret."""

    sends: Callable[[Utterance], Sent]
    hears: Callable[[Mapping[str, Any]], str]
    edits: bool = False
    listening: Callable[[Record, Utterance], list[tuple[str, str]]] = nobody

    def heard(self, attempt: Attempt) -> str:
        """What stands in the room for it; of a refusal, that it was one."""
        if not attempt.arrived:
            return f"The application answered with {attempt.status or attempt.error}."
        try:
            answer = json.loads(attempt.body or "{}")
        except ValueError:
            return ""
        return self.hears(answer) if isinstance(answer, dict) else ""


def text_in(answer: Mapping[str, Any]) -> str:
    return str(answer.get("text") or "")


def stamp(now: int) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
