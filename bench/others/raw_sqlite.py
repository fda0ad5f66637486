"""The limit of the storage: the same bodies into one SQLite table, so many rows a commit, nothing
else. ``python -m bench.others.raw_sqlite FILE ROWS SECONDS`` prints rows a second."""

from __future__ import annotations

import sqlite3
import sys
import time

from zstandard import compress

from bench.body import push


def main(path: str, rows: int, seconds: float) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE r (id INTEGER PRIMARY KEY, k TEXT UNIQUE, h TEXT, b BLOB)")
    body, stored = compress(push(), 1), 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        batch = [(f"delivery-{stored + n}", "headers " * 40, body) for n in range(rows)]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO r (k, h, b) VALUES (?, ?, ?)", batch)
        connection.execute("COMMIT")
        stored += rows
    return stored / (time.perf_counter() - began)


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
