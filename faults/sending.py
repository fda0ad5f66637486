"""One hook on its way, and what should come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from faults.people import Person


class Said(NamedTuple):
    """What a log says once: an entry, or a detail ``inside`` one that counts them."""

    team: str
    text: str
    kind: str
    person: str
    day: str
    inside: str = ""


@dataclass(frozen=True)
class Sending:
    """``id`` is the delivery's, ``link`` our name of the link. ``means``: what it should add."""

    id: str
    link: str
    path: str
    body: bytes
    headers: Mapping[str, str]
    means: tuple[Said, ...] = ()

    @property
    def request(self) -> bytes:
        """As it goes over the wire."""
        length = {"Host": "127.0.0.1", "Content-Length": str(len(self.body))}
        lines = [f"{name}: {value}" for name, value in {**length, **self.headers}.items()]
        head = f"POST {self.path} HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n"
        return head.encode() + self.body


@dataclass(frozen=True)
class Route:
    """A link as its partner knows it: where to send, and how signed. ``team`` is the slug."""

    name: str
    team: str
    path: str
    secret: str = field(repr=False)


def said(
    route: Route, text: str, person: Person, day: date, *, kind: str = "done", inside: str = ""
) -> Said:
    return Said(route.team, text, kind, person.email, day.isoformat(), inside)
