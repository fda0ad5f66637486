"""What one fault did on one database, and the table of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

#: The columns that must be zero, with their headings.
ZEROES = {
    "lost": "lost",
    "stuck": "stuck",
    "doubled": "doubled",
    "phantom": "phantom",
    "wrong": "wrong",
    "out_lost": "out lost",
    "out_doubled": "out doubled",
}


@dataclass
class Verdict:
    """``blows``: kills, outages, whatever was done. ``stuck``: stored and never processed.
    ``out_*``: what should be at the partner; doubled there only without a lost answer that excuses
    it. ``longest_ack`` in seconds. ``broken``: promises that did not hold, each a sentence."""

    fault: str
    title: str
    database: str
    sent: int = 0
    acknowledged: int = 0
    blows: int = 0
    lost: int = 0
    stuck: int = 0
    doubled: int = 0
    phantom: int = 0
    wrong: int = 0
    out_lost: int = 0
    out_doubled: int = 0
    longest_ack: float = 0.0
    seconds: float = 0.0
    note: str = ""
    skipped: str = ""
    broken: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.broken and not any(getattr(self, name) for name in ZEROES)

    def must(self, holds: bool, sentence: str) -> None:
        """A promise; the sentence says how it was broken."""
        if not holds:
            self.broken.append(sentence)

    def as_record(self) -> dict[str, Any]:
        return {**asdict(self), "holds": self.holds}


HEADINGS = ("fault", "database", "sent", "acknowledged", "blows", *ZEROES.values(), "longest ack")


def table(verdicts: Iterable[Verdict]) -> str:
    """Markdown, which is readable in a terminal, too."""
    rows = [(*HEADINGS, "note"), *map(_row, verdicts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    rule = "|".join(["", *("-" * (width + 2) for width in widths), "---", ""])
    return "\n".join([lines[0], rule, *lines[1:]])


def _row(verdict: Verdict) -> tuple[str, ...]:
    name = f"{verdict.fault} {verdict.title}"
    if verdict.skipped:
        blanks = [""] * (len(HEADINGS) - 2)
        return name, verdict.database, *blanks, f"skipped: {verdict.skipped}"
    counts = [verdict.sent, verdict.acknowledged, verdict.blows]
    zeroes = [getattr(verdict, column) for column in ZEROES]
    ack = f"{verdict.longest_ack:.2f} s"
    told = "; ".join([*(f"BROKEN: {each}" for each in verdict.broken), verdict.note])
    return name, verdict.database, *map(str, counts + zeroes), ack, told.strip("; ")


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    *cells, note = row
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return f"| {' | '.join(padded)} | {note} |"
