"""Entries in a line each, for mails, calendars and whoever else has little room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from idonethis.entries.models import Entry
from idonethis.entries.text import one_line

SIGNS = {"done": "✓", "goal": "○", "blocked": "!"}
WORDS = {"done": "done", "goal": "planned", "blocked": "blocked"}


class Said(NamedTuple):
    sign: str
    kind: str
    body: str


def said(entry: Entry) -> Said:
    kind = "done" if entry.completed_on else entry.kind
    return Said(SIGNS.get(kind, "✓"), kind, one_line(entry.body))


def numbers(lines: Iterable[Said]) -> str:
    """``3 done, 1 planned``; nothing, where there are none."""
    counted = Counter(line.kind for line in lines)
    return ", ".join(f"{counted[kind]} {word}" for kind, word in WORDS.items() if counted[kind])
