"""A CSV as rows of named values: in whatever encoding, with whatever between them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from idonethis.porting.brought import Refused, Unreadable
from idonethis.porting.formulas import unguarded

#: The header of the export, whose rows often lack the last value.
COLUMNS = (
    "user_email_address", "status", "body", "occurred_on", "completed_on", "created_at",
    "archived_at",
)  # fmt: skip
NEEDED = ("user_email_address", "body", "occurred_on")


def decoded(content: bytes) -> tuple[str, list[str]]:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), []
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = "It is no UTF-8, so it was read as Western European text: look at the accents."
        return content.decode("cp1252", errors="replace"), [note]


@dataclass(frozen=True)
class Row:
    """``values`` by the names of the columns."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    rows: Sequence[Row]
    refused: Sequence[Refused]

    @classmethod
    def of(cls, text: str) -> Table:
        lines, refused = _split(text)
        if not lines:
            raise Unreadable("There is no row in it.")
        names = _names(lines[0][1])
        body = lines[1:] if names else lines
        rows: list[Row] = []
        for line, cells in body:
            if any(cell.strip() for cell in cells[len(names or COLUMNS) :]):
                why = "It has more values than the header: text with commas needs quotes around it."
                refused.append(Refused(line, why))
            else:
                rows.append(Row(line, dict(zip(names or COLUMNS, cells, strict=False))))
        return cls(rows, refused)

    def days(self) -> Iterator[str]:
        for row in self.rows:
            yield from (row.values.get(name, "") for name in COLUMNS[3:])


def _split(text: str) -> tuple[list[tuple[int, list[str]]], list[Refused]]:
    """The cells of each row that has some, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[tuple[int, list[str]]] = []
    refused: list[Refused] = []
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows, refused
        except csv.Error as problem:
            refused.append(Refused(begins, _why(problem, reader.line_num)))
            continue
        if any(cell.strip() for cell in cells):
            rows.append((begins, [unguarded(cell) for cell in cells]))


def _why(problem: csv.Error, line: int) -> str:
    if "unexpected end" in str(problem) or "larger than" in str(problem):
        return f"A quote that opens here never closes: nothing up to line {line} could be read."
    return f"Its quotes do not match ({problem})."


def _delimiter(text: str) -> str:
    """Spreadsheets of some countries write semicolons, and what is copied from one has tabs."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count) if first.count(",") < 3 else ","


def _names(cells: Sequence[str]) -> list[str]:
    """Of the columns; none where the first row is none of names, but an entry."""
    names = [cell.strip().lower().replace(" ", "_") for cell in cells]
    if "@" in cells[0] and len(cells) >= 4:
        return []
    if missing := [name for name in NEEDED if name not in names]:
        raise Unreadable(
            f"The first line does not name the column{'s' * (len(missing) > 1)} "
            f"{', '.join(missing)}. An export begins with: {','.join(COLUMNS)}"
        )
    return names
