from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

Rows = TypeVar("Rows", bound=models.QuerySet[Any])


class Rounds:
    """Looks through a table that grows, round and round: the newest rows each time, and as many of
    all others. What is wrong is found at once where that is likely, and everywhere in the end."""

    def __init__(self, portion: int) -> None:
        self._portion = portion
        self._after = 0

    def next_of(self, rows: Rows) -> tuple[Rows, ...]:
        """Of these, those whose turn it is."""
        newest = rows.model._base_manager.aggregate(pk=models.Max("pk"))["pk"] or 0
        begin, end = self._after, self._after + self._portion
        self._after = end if end < newest else 0
        return rows.filter(pk__gt=newest - self._portion), rows.filter(pk__gt=begin, pk__lte=end)
