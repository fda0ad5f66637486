"""A log as it is read: by day, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import connection, models
from django.db.models.functions import Coalesce
from django.utils.formats import date_format

from idonethis.accounts.models import User
from idonethis.entries.models import Comment, Entry, EntryQuerySet, Like
from idonethis.teams.models import Team

#: Entries on one page.
PAGE = 50
#: So many sources can be chosen from.
MOST_SOURCES = 30
#: The filters that an address may carry.
FILTERS = ("person", "kind", "source", "tag")


@dataclass(frozen=True)
class Day:
    date: date
    entries: list[Entry]
    title: str
    is_today: bool


@dataclass(frozen=True)
class Page:
    days: list[Day]
    #: Where the next page starts; empty on the last.
    older: str
    filters: Mapping[str, str]
    newest: int

    @property
    def query(self) -> str:
        return urlencode(self.filters)

    @property
    def older_query(self) -> str:
        return urlencode({**self.filters, "before": self.older})

    @classmethod
    def of(cls, entries: EntryQuerySet, asked: Mapping[str, str], reader: User) -> Page:
        filters = {name: asked[name] for name in FILTERS if asked.get(name)}
        found = listed(narrowed(entries.alive(), filters))
        rows = list(before(found, asked.get("before", ""))[: PAGE + 1])
        shown = rows[:PAGE]
        older = position(shown[-1]) if len(rows) > PAGE else ""
        newest = max((entry.pk for entry in shown), default=0)
        return cls(by_day(shown, reader.today()), older, filters, newest)


def narrowed(entries: EntryQuerySet, filters: Mapping[str, str]) -> EntryQuerySet:
    fields = {
        "person": "user__hash_id",
        "kind": "kind",
        "source": "created_by",
        "tag": "tags__name",
    }
    for name, value in filters.items():
        entries = entries.filter(**{fields[name]: value})
    return entries


def listed(entries: EntryQuerySet) -> EntryQuerySet:
    """In reading order, with everything that a row shows, in a fixed number of queries."""
    counted = entries.annotate(
        comment_count=_count(Comment.objects.filter(deleted_at=None)),
        like_count=_count(Like.objects.all()),
    )
    shown = counted.select_related("user", "team").prefetch_related("sources")
    return shown.order_by("-occurred_on", "-occurred_at", "-id")


def _count(rows: models.QuerySet[Any]) -> Coalesce:
    """How many of these an entry has; asked of those alone that are shown. Joined and grouped, all
    entries would be read before the first is known."""
    its_own = rows.filter(entry=models.OuterRef("pk")).order_by().values("entry")
    return Coalesce(models.Subquery(its_own.annotate(n=models.Count("pk")).values("n")), 0)


def position(entry: Entry) -> str:
    return f"{entry.occurred_on}_{entry.pk}"


def before(entries: EntryQuerySet, place: str) -> EntryQuerySet:
    """What stands below this position. A position nobody handed out means the top."""
    _, _, pk = place.partition("_")
    last = Entry.objects.filter(pk=pk).first() if pk.isdecimal() else None
    return below(entries, Place.of(last)) if last else entries


class Place(NamedTuple):
    """Where an entry stands in reading order, whether or not it is still there."""

    day: date
    at: datetime
    pk: int

    @classmethod
    def of(cls, entry: Entry) -> Place:
        return cls(entry.occurred_on, entry.occurred_at, entry.pk)


def below(entries: EntryQuerySet, place: Place) -> EntryQuerySet:
    same_day = models.Q(occurred_on=place.day)
    earlier = models.Q(occurred_at__lt=place.at)
    same_time = models.Q(occurred_at=place.at, pk__lt=place.pk)
    # What is asked twice is where the index is entered; an alternative alone would be no place.
    lower = models.Q(occurred_on__lt=place.day) | same_day & (earlier | same_time)
    return entries.filter(lower, occurred_on__lte=place.day)


#: By leaps along an index, never by reading all entries.
SOURCES = """
    WITH RECURSIVE source(name, place) AS (
        SELECT (SELECT MIN(created_by) FROM entries_entry WHERE team_id = %s), 1
        UNION ALL
        SELECT (SELECT MIN(created_by) FROM entries_entry
                WHERE team_id = %s AND created_by > source.name), place + 1
        FROM source WHERE name IS NOT NULL AND place < %s
    )
    SELECT name FROM source WHERE name IS NOT NULL
"""


def sources(team: Team) -> list[str]:
    """Where entries of this team came from, each as ``created_by`` of an Origin."""
    with connection.cursor() as cursor:
        cursor.execute(SOURCES, [team.pk, team.pk, MOST_SOURCES])
        return [name for (name,) in cursor.fetchall()]


def by_day(entries: list[Entry], today: date) -> list[Day]:
    return [
        Day(day, list(rows), title(day, today), day == today)
        for day, rows in groupby(entries, key=lambda entry: entry.occurred_on)
    ]


def title(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return date_format(day, "l j F" if day.year == today.year else "l j F Y")


def as_context(page: Page) -> dict[str, Any]:
    return {"page": page, "filters": page.filters}
