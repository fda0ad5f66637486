from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from django.db import models


class BygoneQuerySet(models.QuerySet["Bygone"]):
    def going(self) -> BygoneQuerySet:
        """Files that are whole, while what they hold may still be in the inbox, too."""
        return self.filter(is_going=True).order_by("pk")

    def archived(self, *, since: date | None = None) -> BygoneQuerySet:
        """The files of the archive, the oldest day first."""
        files = self.exclude(file="").order_by("day", "pk")
        return files.filter(day__gte=since) if since else files

    def begin(self, written: Bygone) -> Bygone:
        """What a file holds goes from now on; also once more, where a backup brought it back."""
        facts = {name: getattr(written, name) for name in ("receipts", "size", "digest")}
        begun, _ = self.update_or_create(
            day=written.day, file=written.file, defaults={**facts, "is_going": True}
        )
        return begun

    def note(self, days: Iterable[date]) -> None:
        """What came on these days has gone, and lies nowhere. Harmless to repeat."""
        rows = [self.model(day=day) for day in sorted(set(days))]
        self.bulk_create(rows, ignore_conflicts=True)


class Bygone(models.Model):
    """A day of which stored requests have gone from the inbox, and the file of the archive in which
    they lie; without a ``file``, they are nowhere any more."""

    day = models.DateField()
    file = models.CharField(max_length=300, blank=True, default="")
    #: How many receipts the file holds, its size in bytes, and the SHA-256 of its lines.
    receipts = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")
    is_going = models.BooleanField(default=False)

    objects: ClassVar[BygoneQuerySet] = BygoneQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "file"], name="one_bygone")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(is_going=True), name="bygones_going")
        ]

    def __str__(self) -> str:
        return self.file or f"{self.day:%Y-%m-%d}"
