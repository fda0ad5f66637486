"""Whether what a database said is trouble of its own, which passes, or about what it was told."""

from __future__ import annotations

import sqlite3

#: Who has waited for others had to make way (40), there is no room (53), somebody has locked it
#: (55), it goes or comes (57P). https://www.postgresql.org/docs/current/errcodes-appendix.html
STATES = ("40", "53", "55", "57P")
DEADLOCK = "40P01"
#: The same of SQLite. https://www.sqlite.org/rescode.html
CODES = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)
#: The lower half of an extended code is the code. https://www.sqlite.org/rescode.html#pve
PRIMARY = 0xFF


def passes(problem: Exception) -> bool:
    """Whether the same may well go through later. False, too, where the connection was lost: that
    may be just what it was told."""
    code = getattr(problem.__cause__, "sqlite_errorcode", 0) & PRIMARY
    return _state(problem).startswith(STATES) or code in CODES


def is_deadlock(problem: Exception | None) -> bool:
    return problem is not None and _state(problem) == DEADLOCK


def _state(problem: Exception) -> str:
    return getattr(problem.__cause__, "sqlstate", None) or ""
