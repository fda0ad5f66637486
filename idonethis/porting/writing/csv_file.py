"""The entries of a team as I Done This has always exported them, for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime

from idonethis.entries.models import Entry
from idonethis.porting.formulas import guarded
from idonethis.porting.reading.table import COLUMNS
from idonethis.teams.models import Team

BATCH = 500
#: By which spreadsheets know that it is UTF-8.
MARK = "\ufeff"


class _Echo:
    """A file that keeps nothing: what is written is handed on."""

    def write(self, line: str) -> str:
        return line


def of_team(team: Team) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield (MARK + writer.writerow(COLUMNS)).encode()
    found = Entry.objects.for_team(team).alive().select_related("user")
    ordered = found.order_by("created_at", "occurred_on", "kind", "body", "user__email", "pk")
    for entry in ordered.iterator(chunk_size=BATCH):
        yield writer.writerow([guarded(cell) for cell in _cells(entry)]).encode()


def _cells(entry: Entry) -> Iterator[str]:
    yield entry.user.email
    yield entry.kind
    yield entry.body
    yield from map(_moment, (entry.occurred_on, entry.completed_on))
    yield from map(_moment, (entry.created_at, entry.archived_at))


def _moment(when: date | datetime | None) -> str:
    if isinstance(when, datetime):
        return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return when.isoformat() if when else ""
