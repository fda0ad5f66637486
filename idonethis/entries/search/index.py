"""The index of words of whichever database there is."""

from __future__ import annotations

from django.db import connection

from idonethis.entries.search import fts5, gin

KEPT_BY = {"sqlite": fts5, "postgresql": gin}


def ensure() -> None:
    """Where it is missing, it is made, and everything that there is comes into it."""
    KEPT_BY[connection.vendor].ensure(connection)


def remove() -> None:
    KEPT_BY[connection.vendor].remove(connection)


def forget() -> bool:
    """Leaves nothing of what was deleted, a portion at a time; whether there may be more.
    PostgreSQL's own vacuum does it there, as in all its tables."""
    return connection.vendor == "sqlite" and fts5.forget(connection)


def is_slow() -> bool:
    """Whether everything has to be looked through, for want of FTS5."""
    return connection.vendor == "sqlite" and not fts5.is_known(connection)
