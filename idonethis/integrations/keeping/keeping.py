"""Lets go of what came long ago, from the oldest on, a portion at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from idonethis.alone import one_at_a_time
from idonethis.integrations.keeping.archive import Archived, Damaged, verified, write
from idonethis.integrations.keeping.ripe import Old, at_rest, is_busy, lines, ripe
from idonethis.integrations.keeping.walk import Walk
from idonethis.integrations.keeping.window import Window
from idonethis.integrations.models import days
from idonethis.integrations.models.bygone import Bygone
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.reads import EMPTIED

log = logging.getLogger(__name__)

#: So many receipts are changed in one transaction; for so long hooks have SQLite's file to
#: themselves then, in seconds.
AT_ONCE, BREATH = 50, 0.02
#: Names the lock that those hold who let receipts go.
LOCK = "archiving"

Row = TypeVar("Row")


@dataclass
class Keeping:
    """``folder``: where the archive is; None: what goes lies nowhere."""

    folder: Path | None = None
    #: Why the last turn did nothing; empty where it did.
    trouble: str = ""
    _walk: Walk | None = field(default=None, init=False)

    def drain(self) -> int:
        """What the server does by itself: returns how many receipts were looked at; 0, once there
        is nothing more to let go today."""
        window = Window.of_settings()
        if window is None or self._has_been_through(window) or is_busy():
            return 0
        with one_at_a_time(LOCK) as mine:
            return self.turn(window) if mine else 0

    def _has_been_through(self, window: Window) -> bool:
        return self._walk is not None and self.is_over and self._walk.before == window.before

    def turn(self, window: Window) -> int:
        """A disk that is full, or away, keeps everything where it is."""
        if self._walk is None or self._walk.before != window.before:
            self._walk = Walk(window.before)
        began, self.trouble = self._walk.after, ""
        try:
            self.take_up()
            return self._step(self._walk, window)
        except (OSError, Damaged) as problem:
            self.trouble, self._walk.after = f"The archive cannot be written: {problem}", began
            log.warning("%s. Nothing goes.", self.trouble)
            return 0

    @property
    def is_over(self) -> bool:
        return self._walk is not None and self._walk.is_over

    def take_up(self) -> None:
        """Somebody died over these. A file that is not there any more, or not whole, says nothing
        of what is still in the inbox: that is archived once more."""
        for bygone in Bygone.objects.going():
            try:
                _empty(verified(bygone))
            except Damaged as problem:
                log.warning("%s What is still stored of it is archived once more.", problem)
            _has_gone(bygone)

    def _step(self, walk: Walk, window: Window) -> int:
        portion = walk.next()
        _delete(lines(portion, before=window.lines_before))
        if through := ripe(portion):
            walk.after = self._let_go(through) or walk.after
        if walk.is_over:
            walk.is_over = days.let_go(window.before.date())
        return len(portion)

    def _let_go(self, rows: Sequence[Old]) -> int:
        """Where to go on, if not all of these fit into a file."""
        if self.folder is None:
            Bygone.objects.note(row.day for row in rows)
            _empty([Archived(row.pk, row.outcome, row.entry) for row in rows])
            return 0
        written = write(self.folder, rows[0].day, [row.pk for row in rows])
        archived = verified(written)
        bygone = Bygone.objects.begin(written)
        _empty(archived)
        _has_gone(bygone)
        return archived[-1].pk if len(archived) < len(rows) else 0


def _delete(rows: Sequence[Old]) -> None:
    for some in _few([row.pk for row in rows]):
        Receipt.objects.filter(pk__in=some, state=EMPTIED).delete()


def _empty(archived: Sequence[Archived]) -> None:
    """Of those that are still as they lie in the archive, the line alone stays."""
    for some in _few(archived):
        rows = at_rest().filter(pk__in=[each.pk for each in some])
        same = set(rows.values_list("pk", "outcome", "entry")).intersection(some)
        rows.filter(pk__in=[pk for pk, *_ in same]).update(state=EMPTIED, request=b"", more=None)


def _few(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
        time.sleep(BREATH)


def _has_gone(bygone: Bygone) -> None:
    Bygone.objects.filter(pk=bygone.pk).update(is_going=False)


def folder_of_settings() -> Path | None:
    return Path(settings.ARCHIVE_RECEIPTS_TO) if settings.ARCHIVE_RECEIPTS_TO else None


#: What this process lets go by itself.
OURS = Keeping(folder_of_settings())
