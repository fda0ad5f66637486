"""A log as pages that any browser shows without a server: by month and by person. What people wrote
is text and nothing else; no page runs anything, and none fetches anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractYear, TruncMonth
from django.template.loader import render_to_string

from idonethis.accounts.models import User
from idonethis.entries.models import Entry, EntryQuerySet
from idonethis.porting.writing.archive import with_all
from idonethis.teams.models import Team


@dataclass(frozen=True)
class Listed:
    """One page, as the index names it."""

    file: str
    title: str
    count: int


@dataclass(frozen=True)
class Book:
    team: Team

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Each with the name of its file."""
        months, people = self._months(), self._people()
        yield "index.html", self._page("index", {"months": months, "people": people})
        for month, page in months.items():
            chosen = {"occurred_on__year": month.year, "occurred_on__month": month.month}
            yield page.file, self._entries(page, chosen)
        for (user, year), page in people.items():
            yield page.file, self._entries(page, {"user": user, "occurred_on__year": year})

    @property
    def _all(self) -> EntryQuerySet:
        return Entry.objects.for_team(self.team).alive()

    def _months(self) -> Mapping[date, Listed]:
        counted = self._all.annotate(month=TruncMonth("occurred_on")).values_list("month")
        found = counted.annotate(count=Count("pk")).order_by("-month")
        return {
            month: Listed(f"{month:%Y-%m}.html", f"{month:%B %Y}", count) for month, count in found
        }

    def _people(self) -> Mapping[tuple[int, int], Listed]:
        counted = self._all.annotate(year=ExtractYear("occurred_on")).values_list("user", "year")
        found = list(counted.annotate(count=Count("pk")))
        names = User.objects.in_bulk({user for user, _, _ in found})
        ordered = sorted(found, key=lambda row: (str(names[row[0]]), row[0], -row[1]))
        return {
            (user, year): Listed(
                f"person-{names[user].hash_id}-{year}.html", f"{names[user]}, {year}", count
            )
            for user, year, count in ordered
        }

    def _entries(self, page: Listed, chosen: Mapping[str, Any]) -> bytes:
        found = with_all(self._all.filter(**chosen)).order_by("-occurred_on", "-occurred_at", "-id")
        days = [
            (day, list(rows)) for day, rows in groupby(found, key=lambda each: each.occurred_on)
        ]
        return self._page("days", {"days": days, "title": page.title})

    def _page(self, name: str, context: Mapping[str, Any]) -> bytes:
        return render_to_string(
            f"porting/book/{name}.html", {"team": self.team, **context}
        ).encode()
