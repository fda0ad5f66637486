"""The databases, and what waits in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError

from idonethis import readiness, schema
from idonethis.doctor.finding import Finding, bad, ok, warn
from idonethis.entries.search import index
from idonethis.integrations.models import IntegrationLink, OutgoingHold
from idonethis.integrations.models.measures import (
    held,
    inbox_due,
    inbox_oldest,
    outbox_due,
    outbox_oldest,
    webhooks_leaving,
)
from idonethis.ui.words import numbered

#: Seconds after which what waits should have been done.
LATE, VERY_LATE = 300.0, 3600.0


def databases() -> Iterator[Finding]:
    for alias in settings.DATABASES:
        name = "Inbox file" if alias == "inbox" else "Database"
        try:
            readiness.write(alias)
        except (DatabaseError, sqlite3.Error) as problem:
            fix = "Make room on the disk, or see who else has the database open."
            yield bad(name, f"It cannot be written: {problem}".strip(), fix=fix)
        else:
            yield ok(name, "It can be written.")


def migrations() -> Iterator[Finding]:
    if missing := schema.pending():
        says = f"{numbered(len(missing), 'migration is', 'migrations are')} pending: {missing[0]}."
        yield bad("Tables", says, fix="Start the server anew (idonethis up): it brings them there.")
    else:
        yield ok("Tables", "They are those of this version.")


def search() -> Iterator[Finding]:
    if index.is_slow():
        says = "This SQLite has no FTS5: each search looks through the whole log, and is slow."
        fix = "Run I Done This on a Python whose SQLite has FTS5, or move the log to PostgreSQL."
        yield warn("Search", says, fix=fix)
    else:
        yield ok("Search", "It has an index of words.")


def inbox() -> Iterator[Finding]:
    says = f"{numbered(inbox_due(), 'hook waits', 'hooks wait')} to be processed."
    yield _queue("Inbox", says, waited=inbox_oldest())


def outbox() -> Iterator[Finding]:
    says = f"{numbered(outbox_due(), 'entry waits', 'entries wait')} to go out."
    if OutgoingHold.standing():
        fix = "If this log is the one that counts: idonethis resume-outgoing"
        yield warn("Outbox", f"{says} A backup was restored, so nothing goes out.", fix=fix)
    else:
        yield _queue("Outbox", says, waited=outbox_oldest())


def _queue(name: str, says: str, *, waited: float) -> Finding:
    if waited < LATE:
        return ok(name, says)
    says = f"{says} The oldest has waited for {waited / 60:.0f} minutes."
    fix = "See that the server runs, and what its log says."
    return (bad if waited > VERY_LATE else warn)(name, says, fix=fix)


def links() -> Iterator[Finding]:
    """Whatever a person has to put right."""
    standing = IntegrationLink.objects.standing().select_related("team")
    for link in [each for each in standing if each.is_in_trouble]:
        fix = f"Open {settings.BASE_URL}{link.get_absolute_url()}"
        yield warn(f"Link {link.hash_id}", link.trouble or link.get_state_display(), fix=fix)
    if waiting := int(sum(held().values())):
        says = f"{numbered(waiting, 'entry is', 'entries are')} held until links are put right."
        yield warn("Held", says, fix="Put the links above right: everything held goes out then.")
    if leaving := webhooks_leaving():
        says = (
            f"{numbered(leaving, 'webhook has', 'webhooks have')} not been removed elsewhere yet."
        )
        yield warn("Webhooks", says, fix="It is tried again; the pages of the teams tell more.")
