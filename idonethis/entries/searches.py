"""A search as a page asks for it, and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from idonethis.accounts.models import User
from idonethis.entries.models import Entry
from idonethis.entries.search import Asked, Place, Within
from idonethis.entries.search.marked import marked
from idonethis.teams.models import Team

#: Entries on one page.
PAGE = 50
#: What the address of a search may carry.
FIELDS = ("q", "team", "person", "kind", "source", "from", "to")


@dataclass(frozen=True)
class Hit:
    entry: Entry
    body: SafeString


@dataclass(frozen=True)
class Search:
    """``given``: what was filled in; ``older``: where the next page starts, empty on the last."""

    given: Mapping[str, str]
    asked: Asked
    hits: list[Hit]
    older: str

    @classmethod
    def of(cls, said: Mapping[str, str], teams: list[Team]) -> Search:
        """Of these teams, whatever else may be named in an address."""
        given = {name: said[name] for name in FIELDS if said.get(name)}
        asked = Asked.of(given.get("q", ""))
        within = _within(given, teams, Place.read(said.get("before", "")))
        rows = list(_found(asked, within)) if within else []
        shown = [Hit(entry, marked(entry.body, asked)) for entry in rows[:PAGE]]
        return cls(given, asked, shown, _place(rows[PAGE - 1]) if len(rows) > PAGE else "")

    @property
    def older_query(self) -> str:
        return urlencode({**self.given, "before": self.older})

    @property
    def is_narrowed(self) -> bool:
        return bool({*self.given} - {"q"})


def _found(asked: Asked, within: Within) -> list[Entry]:
    found = Entry.objects.search(asked, within, most=PAGE + 1)
    return list(found.select_related("user", "team"))


def _place(entry: Entry) -> str:
    return str(Place(entry.occurred_on, entry.pk))


def _within(given: Mapping[str, str], teams: list[Team], before: Place | None) -> Within | None:
    """None where nobody is who was asked for."""
    person = User.objects.filter(hash_id=given["person"]).first() if "person" in given else None
    if "person" in given and person is None:
        return None
    return Within(
        tuple(team.pk for team in teams),
        person=person.pk if person else None,
        kind=given.get("kind", ""),
        source=given.get("source", ""),
        since=_day(given.get("from", "")),
        until=_day(given.get("to", "")),
        before=before,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
