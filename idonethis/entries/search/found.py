"""Which entries say it: their keys, newest first, a few at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

from idonethis.entries.search import postgresql, sqlite
from idonethis.entries.search.asked import Asked
from idonethis.entries.search.within import Place, Within

__all__ = ["Place", "Within", "found"]

Query = Callable[..., tuple[str, Any]]
WAYS: dict[str, Query] = {"sqlite": sqlite.query, "postgresql": postgresql.query}


def found(asked: Asked, within: Within, *, most: int) -> list[int]:
    """Of entries that are there for everybody in these teams. Nothing asked is nothing found."""
    if not asked or not within.teams:
        return []
    sql, values = WAYS[connection.vendor](asked, within, most=most)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [pk for (pk,) in cursor.fetchall()]
