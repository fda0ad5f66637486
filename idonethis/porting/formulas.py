"""Spreadsheets take a cell that begins with some signs for a formula and run it, whoever wrote it:
https://owasp.org/www-community/attacks/CSV_Injection. An apostrophe in front makes it a text; and
since that can be taken away exactly, a file of ours reads back as it was."""

from __future__ import annotations

import re

_RUNS = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def guarded(cell: str) -> str:
    return f"'{cell}" if _RUNS.match(cell) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
