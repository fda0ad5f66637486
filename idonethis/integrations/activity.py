"""Everything that came in by links and went out by them, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice, takewhile
from typing import Any, Self

from idonethis.entries.models import Entry
from idonethis.integrations.filters import Filters
from idonethis.integrations.keeping.window import said
from idonethis.integrations.lines import Came, Line, Went, facts
from idonethis.integrations.models import Delivery, IntegrationLink, Receipt
from idonethis.integrations.sight import Sight

#: Lines on one page.
PAGE = 50
#: Above everything.
TOP = 2**62


@dataclass(frozen=True)
class Place:
    """Where a page begins: below this receipt and below this delivery. Each keeps an order of its
    own, so that clocks that disagree neither hide a line nor show it twice."""

    receipt: int = TOP
    delivery: int = TOP

    @classmethod
    def asked(cls, text: str) -> Place:
        """A place that nobody handed out means the top."""
        receipt, _, delivery = text[:40].partition("-")
        known = receipt.isdecimal() and delivery.isdecimal()
        return cls(min(int(receipt), TOP), min(int(delivery), TOP)) if known else cls()

    def after(self, line: Line) -> Place:
        if isinstance(line, Came):
            return Place(line.receipt.pk, self.delivery)
        return Place(self.receipt, line.delivery.pk)

    def __str__(self) -> str:
        return f"{self.receipt}-{self.delivery}"


@dataclass(frozen=True)
class Activity:
    lines: list[Line]
    filters: Filters
    #: Where the next page begins; empty on the last.
    older: str = ""
    #: Of the last page: what has become of everything before.
    kept: str = ""

    @classmethod
    def of(cls, sight: Sight, filters: Filters, *, before: str = "", size: int = PAGE) -> Self:
        place = Place.asked(before)
        found = Below(place, filters.links_of(sight), filters, size + 1)
        both: Iterator[Line] = merge(
            found.came(), found.went(), key=lambda line: line.at, reverse=True
        )
        lines = list(islice(both, size + 1))
        for line in lines[:size]:
            place = place.after(line)
        older = str(place) if len(lines) > size else ""
        return cls(with_entries(lines[:size]), filters, older, "" if older else said())

    @property
    def older_query(self) -> str:
        return self.filters.query(before=self.older)

    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "items": [facts(line) for line in self.lines],
            "older": self.older or None,
            "kept": self.kept or None,
        }


@dataclass(frozen=True)
class Below:
    """What stands below a place, newest first. One query a link: each reads its index in order,
    however many rows others have."""

    place: Place
    links: tuple[IntegrationLink, ...]
    filters: Filters
    most: int

    def came(self) -> Iterator[Line]:
        rows = Receipt.objects.defer("request", "more").filter(pk__lt=self.place.receipt)
        unread = map(self.filters.unread, rows.unread_at(self.links))
        streams = [each[: self.most] for each in unread]
        streams += [self.filters.receipts(rows.of_link(link))[: self.most] for link in self.links]
        by_id = {link.pk: link for link in self.links}
        found = merge(*streams, key=lambda receipt: receipt.pk, reverse=True)
        lines = (Came(receipt, by_id[receipt.its_link]) for receipt in found)
        return takewhile(lambda line: self.filters.reaches(line.at), lines)

    def went(self) -> Iterator[Line]:
        rows = self.filters.deliveries(Delivery.objects.filter(pk__lt=self.place.delivery))
        newest = rows.select_related("entry").order_by("-pk")
        streams = [newest.filter(link=link)[: self.most] for link in self.links]
        by_id = {link.pk: link for link in self.links}
        found = merge(*streams, key=lambda delivery: delivery.pk, reverse=True)
        lines = (Went(delivery, by_id[delivery.link_id]) for delivery in found)
        return takewhile(lambda line: self.filters.reaches(line.at), lines)


def with_entries(lines: Iterable[Line]) -> list[Line]:
    """Receipts with the entries that they became; inbox and log may be two databases."""
    shown = list(lines)
    ids = {line.receipt.entry for line in shown if isinstance(line, Came) and line.receipt.entry}
    found = Entry.objects.filter(hash_id__in=ids).select_related("user", "deleted_by")
    entries = {entry.hash_id: entry for entry in found}
    return [
        replace(line, entry=entries.get(line.receipt.entry)) if isinstance(line, Came) else line
        for line in shown
    ]
