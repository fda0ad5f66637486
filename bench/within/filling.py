"""A team that has been at it for years, made quickly: a few seeds, doubled inside the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.color import no_style
from django.db import connections, models, router, transaction
from django.utils import timezone

from bench.within.processing import sizes
from bench.within.receiving import rows
from idonethis.entries.models import Entry, Source
from idonethis.integrations.ingest.writer import compressed
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.values import Reason

#: The seeds, a day each; all others fall on the same days.
SEEDS = 1000
#: A public name, of at most twelve characters, and what is unique besides, of the copy of a row.
NAME = "'c' || (id + {by})"


def fill(size: int) -> dict[str, int]:
    """So many entries, each with its source and the receipt that it came of."""
    seeds = min(SEEDS, size)
    link = IntegrationLink.objects.select_related("team", "user").get()
    entries = Entry.objects.bulk_create(_entry(link, number) for number in range(seeds))
    Source.objects.bulk_create(
        Source(team=link.team, key=f"github:seed:{each.pk}", entry=each) for each in entries
    )
    Receipt.objects.bulk_create(_receipts(link, entries))
    multiply(Entry, size, hash_id=NAME)
    multiply(Source, size, key="'github:copy:' || (id + {by})", entry_id="entry_id + {by}")
    multiply(Receipt, size, delivery_key=NAME, entry=NAME)
    return sizes()


def _entry(link: IntegrationLink, number: int) -> Entry:
    at = timezone.now() - timedelta(days=number, minutes=5)
    return Entry(
        team=link.team,
        user=link.user,
        body=f"Merged “Cast gear {number} of the mill” (#{number})",
        url=f"https://github.com/analytical/engine/pull/{number}",
        occurred_at=at,
        occurred_on=at.date(),
        created_by="github",
        origin=link.hash_id,
        origin_label="analytical/engine",
    )


def _receipts(link: IntegrationLink, entries: list[Entry]) -> list[Receipt]:
    stored = list(rows(len(entries)))
    return [
        Receipt(
            integration_type=row.integration_type,
            link_id=link.pk,
            read_for=link.pk,
            delivery_key=f"seed-{entry.pk}",
            event=row.event,
            request=request,
            received_at=entry.occurred_at,
            state="done",
            attempts=1,
            outcome=Reason.CREATED,
            why="Became an entry.",
            entry=entry.hash_id,
            actor_key="1815",
        )
        for row, request, entry in zip(stored, compressed(stored), entries, strict=True)
    ]


def multiply(model: type[models.Model], size: int, **changed: str) -> None:
    """Doubles the rows until there are so many. ``changed`` are columns that differ in each copy,
    as SQL; a row's copy has an ``id`` that is ``by`` larger."""
    connection = connections[router.db_for_write(model)]
    fields = [field.column for field in model._meta.local_concrete_fields]
    made = model._base_manager.count()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        while made < size:
            values = {"id": "id + {by}", **changed}
            chosen = [values.get(name, name).format(by=made) for name in fields]
            cursor.execute(_copying(model._meta.db_table, fields, chosen, size - made))
            made += min(made, size - made)
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _copying(table: str, fields: list[str], chosen: list[str], most: int) -> str:
    into, values = ", ".join(fields), ", ".join(chosen)
    return f"INSERT INTO {table} ({into}) SELECT {values} FROM {table} WHERE id <= {most}"


def settle() -> None:
    """As on a server that has been up for long: PostgreSQL knows how much there is of what, and
    SQLite's log is carried over."""
    for connection in connections.all():
        with connection.cursor() as cursor:
            _settle(cursor, connection.vendor)


def _settle(cursor: Any, vendor: str) -> None:
    if vendor == "postgresql":
        cursor.execute("VACUUM ANALYZE")
    else:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
