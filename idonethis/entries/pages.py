"""A log as it is read: by day, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.utils.formats import date_format

from idonethis.accounts.models import User
from idonethis.entries.models import Entry, EntryQuerySet

#: Entries on one page.
PAGE = 50
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
        comment_count=models.Count(
            "comments", filter=models.Q(comments__deleted_at=None), distinct=True
        ),
        like_count=models.Count("likes", distinct=True),
    )
    shown = counted.select_related("user", "team").prefetch_related("sources")
    return shown.order_by("-occurred_on", "-occurred_at", "-id")


def position(entry: Entry) -> str:
    return f"{entry.occurred_on}_{entry.pk}"


def before(entries: EntryQuerySet, place: str) -> EntryQuerySet:
    """What stands below this position. A position nobody handed out means the top."""
    _, _, pk = place.partition("_")
    last = Entry.objects.filter(pk=pk).first() if pk.isdecimal() else None
    if last is None:
        return entries
    same_day = models.Q(occurred_on=last.occurred_on)
    earlier = models.Q(occurred_at__lt=last.occurred_at)
    same_time = models.Q(occurred_at=last.occurred_at, pk__lt=last.pk)
    return entries.filter(
        models.Q(occurred_on__lt=last.occurred_on) | same_day & (earlier | same_time)
    )


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
