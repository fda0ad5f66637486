"""What was found of that which somebody looks for, each as a chain of steps: where it came from,
how far it got, and how that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format

from idonethis.entries.models import Entry
from idonethis.integrations.lines import Came, Line, Went
from idonethis.integrations.moments import moment
from idonethis.integrations.reasons import Ending
from idonethis.integrations.remedies import Remedy, remedy
from idonethis.integrations.sight import Sight

#: How much of an entry is quoted, in characters.
QUOTED = 80
UNDER_WAY = ("waiting", "asking")
ENTRY = Ending("In the log", "ok", "It is in the log.")
REMOVED = Ending("Removed", "", "It was removed from the log.")


@dataclass(frozen=True)
class Finding:
    steps: tuple[str, ...]
    result: str
    ending: Ending
    at: datetime
    #: Where more of it is to be seen; empty for who may not.
    path: str = ""
    remedy: Remedy | None = None
    #: It is the very thing that was asked for, and not only something that has to do with it.
    is_it: bool = False

    @property
    def sentence(self) -> str:
        return " → ".join(self.steps) + "."

    @property
    def is_under_way(self) -> bool:
        """It is another thing in a moment."""
        return self.result in UNDER_WAY

    @property
    def rank(self) -> tuple[int, float]:
        """The thing itself, what somebody can do something about, entries, what went well, the
        rest; of each the newest first."""
        went_well = self.ending.tone == "ok"
        merits = (self.is_it, self.ending.needs_somebody, self.ending is ENTRY, went_well, True)
        return merits.index(True), -self.at.timestamp()

    def facts(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence,
            "steps": list(self.steps),
            "result": self.result,
            "word": self.ending.word,
            "at": self.at.isoformat(),
            "url": settings.BASE_URL + self.path if self.path else None,
            "remedy": self.remedy.facts() if self.remedy else None,
        }


def of_line(line: Line, sight: Sight) -> Finding:
    """Of what came in or went out."""
    opens = line.link.pk in sight.open_ids
    steps = _came(line, sight) if isinstance(line, Came) else _went(line, sight)
    path = line.path if opens else ""
    found = remedy(line, manages=opens)
    return Finding(steps, line.result, line.ending, line.at, path, found)


def _came(line: Came, sight: Sight) -> tuple[str, ...]:
    received = f"Received {moment(line.at)}"
    return (received, "signature fine", _link(line, sight), line.event, _end(line))


def _link(line: Line, sight: Sight) -> str:
    """Its team, too, where there is more than one."""
    team = f" of {line.link.team}" if len(sight.teams) > 1 else ""
    return f"link {line.link.short_name}{team}"


def _end(line: Came) -> str:
    why, entry = _without_stop(line.why), line.entry
    if entry is None:
        return why
    return f"{why}; {removal(entry)}" if entry.deleted_at else f"{why}: {called(entry)}"


def _went(line: Went, sight: Sight) -> tuple[str, ...]:
    began = f"Due {moment(line.at)}"
    return (called(line.entry), began, _link(line, sight), _without_stop(line.why))


def of_entry(entry: Entry, *, is_it: bool) -> Finding:
    source = f"from {entry.origin_label}" if entry.origin_label else "typed here"
    day = f"logged for {date_format(entry.occurred_on, 'D j M Y')}"
    steps, path = (called(entry), source, day), entry.get_absolute_url()
    if entry.deleted_at:
        gone = (*steps, removal(entry))
        return Finding(gone, "removed", REMOVED, entry.created_at, path, is_it=is_it)
    return Finding(steps, "entry", ENTRY, entry.created_at, path, is_it=is_it)


def called(entry: Entry) -> str:
    """An entry in a sentence. The words of a removed one are not told."""
    if entry.deleted_at:
        return f"An entry of {entry.user}"
    body = entry.body if len(entry.body) <= QUOTED else f"{entry.body[:QUOTED]}…"
    return f"“{body}” of {entry.user}"


def removal(entry: Entry) -> str:
    who = f"by {entry.deleted_by}" if entry.deleted_by else "where it came from"
    return f"removed {who} {moment(entry.deleted_at)}" if entry.deleted_at else ""


def _without_stop(sentence: str) -> str:
    return sentence.removesuffix(".")
