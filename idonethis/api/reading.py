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

from idonethis.api.asking import Instant
from idonethis.entries.models import Entry, EntryQuerySet
from idonethis.entries.pages import Place, below, narrowed
from idonethis.entries.text import clean
from idonethis.integrations.filters import instant
from idonethis.teams.models import Team

PAGE, MOST = 50, 200
Status = Literal["done", "goal", "blocked"]


class Asked(Schema):
    status: Status | None = None
    user: str = Field("", description="The hash_id of a person, or me.")
    since: date | None = Field(None, description="Not before this day.")
    until: date | None = Field(None, description="Not after this day.")
    updated_since: Instant = Field("", description="An instant, such as 2026-11-24T09:00Z.")
    tag: str = ""
    q: str = Field("", max_length=300, description="Words that stand in it.")
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
    """Each team is asked by itself, in the order of its index, for no more than a page."""
    size = asked.page_size + 1
    found = chain.from_iterable(_narrowed(request, team, asked)[:size] for team in teams)
    rows = sorted(found, key=Place.of, reverse=True)[:size]
    shown = rows[: asked.page_size]
    prefetch_related_objects(shown, "tags")
    return Page(shown, _address(request, shown[-1]) if len(rows) > len(shown) else "")


def _narrowed(request: HttpRequest, team: Team, asked: Asked) -> EntryQuerySet:
    me = request.auth.hash_id if asked.user == "me" else asked.user  # type: ignore[attr-defined]
    wanted = {"kind": asked.status, "person": clean(me), "tag": clean(asked.tag).lower()}
    found = narrowed(
        Entry.objects.for_team(team).alive(), {name: each for name, each in wanted.items() if each}
    )
    found = _dated(found, asked)
    if words := clean(asked.q).strip():
        found = found.filter(body__icontains=words)
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
