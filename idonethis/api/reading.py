"""Entries as programs ask for them: narrowed, newest first, a page at a time."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain
from typing import Literal, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import field_validator

from idonethis.accounts.models import User
from idonethis.api.asking import Instant
from idonethis.entries import search
from idonethis.entries.models import Entry, EntryQuerySet
from idonethis.entries.pages import Place, below, narrowed
from idonethis.entries.text import clean
from idonethis.integrations.filters import instant
from idonethis.teams.models import Team

PAGE, MOST = 50, 200
#: Of this key there is no person.
NOBODY = 0
Status = Literal["done", "goal", "blocked"]


class Asked(Schema):
    status: Status | None = None
    user: str = Field("", description="The hash_id of a person, or me.")
    since: date | None = Field(None, description="Not before this day.")
    until: date | None = Field(None, description="Not after this day.")
    updated_since: Instant = Field("", description="An instant, such as 2026-11-24T09:00Z.")
    tag: str = ""
    q: str = Field("", max_length=300, description="As the search of the pages understands it.")
    page_size: int = Field(PAGE, ge=1, le=MOST)
    cursor: str = Field("", description="From the Link header of the page before.")

    @field_validator("cursor")
    @classmethod
    def a_place(cls, value: str) -> str:
        if value and read_place(value) is None:
            raise ValueError("Take it from the Link header as it stands there")
        return value


class AskedOfAll(Asked):
    team_id: str = ""


def written_place(place: Place) -> str:
    said = f"{place.day}|{place.at.isoformat()}|{place.pk}"
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read_place(cursor: str) -> Place | None:
    try:
        said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        day, at, pk = said.split("|")
        place = Place(date.fromisoformat(day), datetime.fromisoformat(at), int(pk))
    except ValueError:
        return None
    known = place.at.tzinfo and instant(at)
    return place if known and 0 <= place.pk < 2**63 else None


class Page(NamedTuple):
    entries: list[Entry]
    #: The address of the next page; empty on the last.
    older: str


def page(request: HttpRequest, teams: Iterable[Team], asked: Asked) -> Page:
    size = asked.page_size + 1
    find = _searched if clean(asked.q).strip() else _listed
    rows = find(request, teams, asked, size)
    shown = rows[: asked.page_size]
    older = _address(request, shown[-1]) if len(rows) > len(shown) else ""
    prefetch_related_objects(shown, "tags")
    return Page([entry for entry in shown if _fits(entry, asked)], older)


def _searched(request: HttpRequest, teams: Iterable[Team], asked: Asked, size: int) -> list[Entry]:
    """By the index of words, newest first; what it does not know is left out of its pages."""
    words = search.Asked.of(f"{asked.q} #{asked.tag}" if asked.tag else asked.q)
    found = Entry.objects.search(words, _within(request, teams, asked), most=size)
    return list(found.select_related("team", "user"))


def _within(request: HttpRequest, teams: Iterable[Team], asked: Asked) -> search.Within:
    person = User.objects.filter(hash_id=_person(request, asked)).values_list("pk", flat=True)
    place = read_place(asked.cursor)
    return search.Within(
        tuple(team.pk for team in teams),
        person=person.first() or NOBODY if asked.user else None,
        kind=asked.status or "",
        since=asked.since,
        until=asked.until,
        before=search.Place(place.day, place.pk) if place else None,
    )


def _fits(entry: Entry, asked: Asked) -> bool:
    """What the index of words does not know; whatever is listed without it fits."""
    since, tag = instant(asked.updated_since), clean(asked.tag).lower()
    is_new = since is None or entry.updated_at >= since
    return is_new and (not tag or tag in {each.name for each in entry.tags.all()})


def _listed(request: HttpRequest, teams: Iterable[Team], asked: Asked, size: int) -> list[Entry]:
    """Each team is asked by itself, in the order of its index, for no more than a page."""
    found = chain.from_iterable(_narrowed(request, team, asked)[:size] for team in teams)
    return sorted(found, key=Place.of, reverse=True)[:size]


def _person(request: HttpRequest, asked: Asked) -> str:
    user: User = request.auth  # type: ignore[attr-defined]
    return user.hash_id if asked.user == "me" else clean(asked.user)


def _narrowed(request: HttpRequest, team: Team, asked: Asked) -> EntryQuerySet:
    wanted = {
        "kind": asked.status,
        "person": _person(request, asked),
        "tag": clean(asked.tag).lower(),
    }
    given = {name: value for name, value in wanted.items() if value}
    found = _dated(narrowed(Entry.objects.for_team(team).alive(), given), asked)
    if place := read_place(asked.cursor):
        found = below(found, place)
    return found.select_related("team", "user").order_by("-occurred_on", "-occurred_at", "-id")


def _dated(found: EntryQuerySet, asked: Asked) -> EntryQuerySet:
    days = {"occurred_on__gte": asked.since, "occurred_on__lte": asked.until}
    days["updated_at__gte"] = instant(asked.updated_since)
    return found.filter(**{name: value for name, value in days.items() if value})


def _address(request: HttpRequest, last: Entry) -> str:
    asked = request.GET.dict() | {"cursor": written_place(Place.of(last))}
    return f"{settings.BASE_URL}{request.path}?{urlencode(asked)}"
