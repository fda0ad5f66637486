"""Another server's entries, over the public API v2 that I Done This has: ``GET /teams``, and
``GET /entries`` of one of them. Servers of this project say where the next page is (``Link``);
older ones count pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import msgspec

from idonethis.entries.text import LONGEST, clean, folded
from idonethis.integrations.http import Client, Never
from idonethis.porting.brought import Brought, Read, Refused, check_days, key_of
from idonethis.porting.lines import Kind, Logged
from idonethis.porting.reading.days import Spelling

PAGE = 100
_NEXT = re.compile(r'<([^<>]+)>\s*;\s*rel="?next"?')
STATUSES: Mapping[str, Kind] = {"done": "done", "goal": "goal", "blocked": "blocked"}


class There(NamedTuple):
    """A team at the other server."""

    hash_id: str
    name: str


class Page(NamedTuple):
    """``cursor``: where the next one is; None after the last."""

    read: Read
    seen: int
    cursor: Mapping[str, Any] | None


class Remote:
    """``address`` is that of the server, with or without ``/api/v2``. All methods raise Failed."""

    def __init__(self, address: str, token: str) -> None:
        base = address.strip().rstrip("/").removesuffix("/api/v2")
        if urlsplit(base).scheme not in ("http", "https"):
            raise Never(f"{base[:100]} is no web address.")
        self.client = Client(
            f"{base}/api/v2",
            headers={"Authorization": f"Token {token}", "Accept": "application/json"},
        )

    def teams(self) -> list[There]:
        rows = self._listed("/teams")
        return [There(_text(row, "hash_id"), _text(row, "name")) for row in rows]

    def team(self, name: str) -> There:
        """By its hash_id or its name; without one, the only one that there is."""
        teams = self.teams()
        meant = [each for each in teams if not name or name in each]
        if len(meant) == 1:
            return meant[0]
        known = ", ".join(f"{each.name} ({each.hash_id})" for each in teams)
        raise Never(f"Say which team there: {known}." if known else "The token sees no team.")

    def page(self, team: str, cursor: Mapping[str, Any]) -> Page:
        number = int(cursor.get("page", 1))
        asked = urlencode({"team_id": team, "page": number, "page_size": PAGE})
        answer = self.client.get(f"/entries?{cursor.get('next') or asked}")
        rows, known = _rows(answer.json), cursor.get("last", "")
        first = _text(rows[0], "hash_id") if rows else ""
        if not rows or first == known:
            # Who knows no pages gives the same one again and again.
            return Page(Read([], {}), 0, None)
        link = _NEXT.search(answer.headers.get("link", ""))
        is_last = not link and bool(cursor.get("next"))
        # Whatever name it gives itself, the token goes to where somebody said.
        query = urlsplit(link[1]).query if link else ""
        following = {"next": query, "page": number + 1, "last": first}
        return Page(_read(rows, number), len(rows), None if is_last else following)

    def _listed(self, path: str) -> list[Mapping[str, Any]]:
        return _rows(self.client.get(path).json)


def _rows(said: Any) -> list[Mapping[str, Any]]:
    if not isinstance(said, list) or not all(isinstance(each, dict) for each in said):
        raise Never("What answered there is no server with the API v2 of I Done This.")
    return said


def _read(rows: list[Mapping[str, Any]], page: int) -> Read:
    brought, refused, people = [], [], {}
    for place, row in enumerate(rows, start=1 + (page - 1) * PAGE):
        try:
            person, said = _person(row)
            brought.append(_brought(row, person, place))
            people[person] = said
        except (ValueError, msgspec.ValidationError) as problem:
            refused.append(Refused(place, f"{_text(row, 'hash_id')[:40]}: {problem}"))
    return Read(brought, people, refused)


def _person(row: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
    user = row.get("user")
    email = _text(user, "email_address") if isinstance(user, dict) else ""
    if "@" not in email or not isinstance(user, dict):
        raise ValueError("It does not say whose it is.")
    return folded(email), {"email": folded(email), "name": _text(user, "full_name")[:120]}


def _brought(row: Mapping[str, Any], person: str, place: int) -> Brought:
    """Raises ValueError."""
    body, status, days = _text(row, "body"), _text(row, "status"), Spelling()
    if not body.strip() or len(body) > LONGEST:
        raise ValueError("Its text is empty, or too long.")
    if status not in STATUSES or not (name := _text(row, "hash_id")):
        raise ValueError("It has no status that is known, or no hash_id.")
    entry = Logged(
        hash_id=name[:200],
        person=person,
        status=STATUSES[status],
        body=body,
        url=_text(row, "url")[:1000],
        occurred_on=days.day(_text(row, "occurred_on")),
        completed_on=days.day(done) if (done := _text(row, "completed_on")) else None,
        archived_at=days.instant(put) if (put := _text(row, "archived_at")) else None,
        created_at=days.instant(made) if (made := _text(row, "created_at")) else None,
        updated_at=days.instant(new) if (new := _text(row, "updated_at")) else None,
    )
    check_days(entry)
    return Brought(line=place, key=key_of(name), entry=entry)


def _text(row: Mapping[str, Any], name: str) -> str:
    """Empty where there is nothing; numbers are no text."""
    value = row.get(name)
    return clean(value) if isinstance(value, str) else ""
