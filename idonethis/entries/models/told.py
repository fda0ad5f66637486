"""What becomes of what is told about things elsewhere."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from idonethis.entries.models.entry import Entry


class Change(Enum):
    """What became of a draft."""

    CREATED = "created"
    UPDATED = "updated"
    MERGED = "merged"
    RETRACTED = "retracted"
    UNCHANGED = "unchanged"
    STAYS_DELETED = "stays deleted"
    NOTHING_THERE = "nothing there"
    NOT_THEIRS = "not theirs"
    OVERTAKEN = "overtaken"


class Told(NamedTuple):
    """``regained``: entries that count again what one had taken over that is forgotten."""

    change: Change
    entry: Entry | None = None
    regained: tuple[Entry, ...] = ()
