"""From SQLite to PostgreSQL: every row as it is, or nothing.

All of it is one transaction: the tables, the rows, and the comparison of each row with the file
that it comes from. PostgreSQL takes back tables as it does rows, so whatever happens half-way, even
to the machine, leaves the database as empty as it was, with nothing to clear away. To go on where
it stopped would need marks on both sides, and files that nobody writes to in between."""

from __future__ import annotations


class CannotMove(Exception):
    """Nothing was moved. The message says why, to people."""
