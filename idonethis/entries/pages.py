"""A log as it is read: by day, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.formats import date_format

from idonethis.accounts.models import User
from idonethis.entries.models import Comment, Entry, EntryQuerySet, Like, Source
from idonethis.teams.models import Team

#: Entries on one page, and still open ones above the first.
PAGE = MOST_OPEN = 50
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
    #: Goals and blockers of other days that wait above the log, unless something is looked for.
    open: list[Entry]

    def with_teams(self) -> Self:
        """For a log of several; those of one team do without, since each would be made anew."""
        rows = [*self.open, *(entry for day in self.days for entry in day.entries)]
        models.prefetch_related_objects(rows, "team")
        return self

    @property
    def query(self) -> str:
        return urlencode(self.filters)

    @property
    def older_query(self) -> str:
        return urlencode({**self.filters, "before": self.older})

    @classmethod
    def of(
        cls,
        entries: EntryQuerySet,
        asked: Mapping[str, str],
        reader: User,
        still_open: EntryQuerySet | None = None,
    ) -> Page:
        """What is asked for of these entries. ``still_open``: what of them stands above."""
        filters = {name: asked[name] for name in FILTERS if asked.get(name)}
        above = None if filters else still_open
        last = Place.named(asked.get("before", ""))
        rows = shown(below(narrowed(entries.alive(), filters), last), above)
        log = [row for row in rows if last is None or Place.of(row) < last][: PAGE + 1]
        older = position(log[PAGE - 1]) if len(log) > PAGE else ""
        newest = max((entry.pk for entry in log[:PAGE]), default=0)
        today = reader.today()
        days = by_day(log[:PAGE], today)
        return cls(days, older, filters, newest, [] if above is None else carried(rows, today))


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


def shown(log: EntryQuerySet, still_open: EntryQuerySet | None) -> list[Entry]:
    """A page of the log, and one more, and what is still open besides, in reading order. All of it
    is asked for at once: each asks for what a row shows, such as its details."""
    parts = [in_order(log)[: PAGE + 1]]
    if still_open is not None:
        parts.append(in_order(still_open)[:MOST_OPEN])
    queries = [part.values("pk").query.sql_with_params() for part in parts]
    sql = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part" for sql, _ in queries)  # noqa: S608
    values = [value for _, values in queries for value in values]
    found = listed(Entry.objects.filter(pk__in=RawSQL(sql, values)))  # noqa: S611
    return sorted(found, key=Place.of, reverse=True)


def carried(rows: list[Entry], today: date) -> list[Entry]:
    return [row for row in rows if row.is_open and row.occurred_on < today][:MOST_OPEN]


def in_order(entries: EntryQuerySet) -> EntryQuerySet:
    return entries.order_by("-occurred_on", "-occurred_at", "-id")


def listed(entries: EntryQuerySet) -> EntryQuerySet:
    """With everything that a row shows in the log of its team, in a fixed number of queries."""
    counted = entries.annotate(
        comment_count=_count(Comment.objects.filter(deleted_at=None)),
        like_count=_count(Like.objects.all()),
    )
    parts = models.Prefetch("sources", Source.objects.exclude(text=""), to_attr="parts")
    return counted.select_related("user").prefetch_related(parts)


def _count(rows: models.QuerySet[Any]) -> Coalesce:
    """How many of these an entry has; asked of those alone that are shown. Joined and grouped, all
    entries would be read before the first is known."""
    its_own = rows.filter(entry=models.OuterRef("pk")).order_by().values("entry")
    return Coalesce(models.Subquery(its_own.annotate(n=models.Count("pk")).values("n")), 0)


def position(entry: Entry) -> str:
    return f"{entry.occurred_on}_{entry.pk}"


class Place(NamedTuple):
    """Where an entry stands in reading order, whether or not it is still there."""

    day: date
    at: datetime
    pk: int

    @classmethod
    def of(cls, entry: Entry) -> Place:
        return cls(entry.occurred_on, entry.occurred_at, entry.pk)

    @classmethod
    def named(cls, position: str) -> Place | None:
        """A position nobody handed out means the top."""
        _, _, pk = position.partition("_")
        last = Entry.objects.filter(pk=pk).first() if pk.isdecimal() else None
        return cls.of(last) if last else None


def below(entries: EntryQuerySet, place: Place | None) -> EntryQuerySet:
    """What stands below this place; without one, everything."""
    if place is None:
        return entries
    same_day = models.Q(occurred_on=place.day)
    earlier = models.Q(occurred_at__lt=place.at)
    same_time = models.Q(occurred_at=place.at, pk__lt=place.pk)
    # What is asked twice is where the index is entered; an alternative alone would be no place.
    lower = models.Q(occurred_on__lt=place.day) | same_day & (earlier | same_time)
    return entries.filter(lower, occurred_on__lte=place.day)


#: By leaps along an index, never by reading all entries. One value, so that it can be asked for
#: beside something else.
SOURCES = """
    WITH RECURSIVE source(name, place) AS (
        SELECT (SELECT MIN(created_by) FROM entries_entry WHERE team_id = %s), 1
        UNION ALL
        SELECT (SELECT MIN(created_by) FROM entries_entry
                WHERE team_id = %s AND created_by > source.name), place + 1
        FROM source WHERE name IS NOT NULL AND place < %s
    )
    SELECT {listed}(name) FROM source WHERE name IS NOT NULL
"""
LISTED = {"sqlite": "json_group_array", "postgresql": "jsonb_agg"}


def sources_of(team: Team) -> RawSQL:
    """Where entries of this team came from, each as ``created_by`` of an Origin; or None."""
    sql = SOURCES.format(listed=LISTED[connection.vendor])
    return RawSQL(sql, [team.pk, team.pk, MOST_SOURCES], models.JSONField())  # noqa: S611


def sources(team: Team) -> list[str]:
    asked = Team.objects.filter(pk=team.pk).annotate(sources=sources_of(team))
    return asked.values_list("sources", flat=True).get() or []


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
