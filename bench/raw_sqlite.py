"""The limit of the storage: the same bodies into one SQLite table, 100 rows a commit, nothing else.
``python -m bench.raw_sqlite FILE [compressed]`` prints rows a second."""

from __future__ import annotations

import sqlite3
import sys
import time

from zstandard import compress

from bench.body import push

SECONDS = 3.0


def main(path: str, *, compressed: bool) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE r (id INTEGER PRIMARY KEY, k TEXT UNIQUE, h TEXT, b BLOB)")
    body = compress(push(), 1) if compressed else push()
    began, rows = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        batch = [(f"delivery-{rows + n}", "headers " * 40, body) for n in range(100)]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO r (k, h, b) VALUES (?, ?, ?)", batch)
        connection.execute("COMMIT")
        rows += 100
    return rows / (time.perf_counter() - began)


if __name__ == "__main__":
    print(main(sys.argv[1], compressed="compressed" in sys.argv))
