"""What was read of a file or of another server, before anything of it is stored here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct

from idonethis.porting.lines import Logged

#: Under this name people of other logs are matched, and entries say where they came from.
IMPORT = "import"
#: No log is older, and nobody plans for later.
FIRST, LAST = date(1970, 1, 2), date(2100, 12, 31)


def key_of(name: str) -> str:
    """Under which an entry of another log is known here, wherever it was read."""
    return f"{IMPORT}:{name}"


class Brought(Struct, frozen=True, kw_only=True):
    """An entry of elsewhere: the line or the place where it stood, and the one name by which it is
    known again. ``by_content``: it had none there, so its words and days stand for it."""

    line: int
    key: str
    entry: Logged
    by_content: bool = False


class Refused(NamedTuple):
    """A line that cannot be read, and why, for people."""

    line: int
    why: str


@dataclass(frozen=True)
class Read:
    """``people``: whom the rows name, each with a mail address and a name."""

    rows: Sequence[Brought]
    people: Mapping[str, Mapping[str, Any]]
    refused: Sequence[Refused] = ()
    #: What was understood in a way that somebody should know of.
    notes: Sequence[str] = field(default=())


class Unreadable(Exception):
    """Nothing at all of a file can be read. The message is fit for people."""


def check_days(entry: Logged) -> None:
    """Raises ValueError with a sentence for people."""
    instants = (entry.occurred_at, entry.archived_at, entry.created_at, entry.updated_at)
    days = [entry.occurred_on, entry.completed_on, *(each and each.date() for each in instants)]
    for day in filter(None, days):
        if not FIRST <= day <= LAST:
            raise ValueError(f"{day} is not a day of any log.")
