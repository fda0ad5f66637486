"""How the past is asked for, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import orjson

from idonethis.integrations.base import Answer, Client, Gone, Hook, instant, line, record, records
from idonethis.partners.github.hooks import ask

#: The most that GitHub gives at once.
FULL = 100
#: Longer lists of single things, such as the commits of one push, are cut.
MOST_PAGES = 5


@dataclass(frozen=True)
class Part:
    """Some of the past; ``place`` is where the rest begins, None where there is none."""

    hooks: tuple[Hook, ...] = ()
    place: Mapping[str, Any] | None = None
    seen: int = 0


@dataclass(frozen=True)
class Asking:
    """For what happened in this repository since then, of these events."""

    client: Client
    repository: Mapping[str, Any]
    events: set[str]
    since: datetime

    def get(self, path: str, **params: Any) -> Answer:
        where = quote(str(self.repository["full_name"]))
        return ask(self.client, "GET", f"/repos/{where}{path}", params=params)

    def one(self, path: str) -> Mapping[str, Any]:
        """Nothing, where it has been removed meanwhile."""
        try:
            return record(self.get(path).json)
        except Gone:
            return {}

    def every(self, path: str, within: str = "") -> Iterator[Mapping[str, Any]]:
        """All of a list, a page after the other; ``within``: the field of an envelope around it."""
        for number in range(1, MOST_PAGES + 1):
            said = self.get(path, per_page=FULL, page=number).json
            listed = records(record(said).get(within) if within else said)
            yield from listed
            if len(listed) < FULL:
                return

    def is_recent(self, said: Any) -> bool:
        at = instant(said)
        return at is not None and at >= self.since

    def hook(self, event: str, **body: Any) -> Hook:
        """As GitHub would have sent it."""
        headers = {"content-type": "application/json", "x-github-event": event}
        return Hook(orjson.dumps({**body, "repository": self.repository}), headers)


def linked(answer: Answer, rel: str, name: str) -> str:
    """What an address in the Link header says of this parameter; empty, where there is none.
    https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api"""
    for part in line(answer.headers.get("link")).split(","):
        address, _, relation = part.partition(";")
        if f'rel="{rel}"' in relation:
            query = parse_qs(urlsplit(address.strip(" <>")).query)
            return query.get(name, [""])[-1]
    return ""
