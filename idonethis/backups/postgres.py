"""PostgreSQL's own programs, for the database that the settings name.
https://www.postgresql.org/docs/current/app-pgdump.html"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from idonethis import env

#: Where Debian keeps those of each version; the newest reads every older database.
DEBIAN = Path("/usr/lib/postgresql")
COPY = re.compile(rb'COPY (?:public|"public")\.(\S+) \(')


class ProgramFailed(Exception):
    """What the program said, for people."""


def dump(target: Path) -> dict[str, int]:
    """Everything at one instant, while others write. Returns rows by table."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = f"--snapshot={cursor.fetchone()[0]}"
        counts = _counts(cursor)
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--load-via-partition-root",
            snapshot,
            f"--file={target}",
        )
    return counts


def _counts(cursor: Any) -> dict[str, int]:
    tables = connection.introspection.table_names(cursor)
    counts = {}
    for table in tables:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        counts[table] = cursor.fetchone()[0]
    return counts


def examine(path: Path) -> dict[str, int]:
    """Rows by table, read from the dump itself. Raises ProgramFailed."""
    command = [_program("pg_restore"), "--data-only", "--file=-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603
        assert reading.stdout and reading.stderr  # noqa: S101
        counts: Counter[str] = Counter()
        for table, rows in _copied(iter(reading.stdout)):
            counts[table] += rows  # a table of several parts is copied a part at a time
        complaint = reading.stderr.read()
    if reading.returncode:
        raise ProgramFailed(complaint.decode(errors="replace").strip())
    return dict(counts)


def _copied(lines: Iterator[bytes]) -> Iterator[tuple[str, int]]:
    """The tables of a dump as text, with how many rows each brings."""
    for line in lines:
        if begun := COPY.match(line):
            rows = sum(1 for _ in iter(lambda: next(lines, b"\\.\n"), b"\\.\n"))
            yield begun[1].decode().strip('"'), rows


def load(path: Path) -> None:
    """Replaces everything in the database, or nothing."""
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    _run("pg_restore", *options, str(path))


def _run(program: str, *arguments: str) -> None:
    command = [_program(program), *_where(), *arguments]
    done = subprocess.run(command, env=_secretly(), capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise ProgramFailed(f"{program} failed: {done.stderr.strip()}")


def _program(name: str) -> str:
    newest = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        raise ProgramFailed(f"{name} is not installed. It comes with PostgreSQL's client programs.")
    return found


def _where() -> list[str]:
    known = connection.settings_dict
    given = {"dbname": known["NAME"], "username": known["USER"], "host": known["HOST"]}
    given["port"] = str(known["PORT"] or "")
    return [f"--{name}={value}" for name, value in given.items() if value]


def _secretly() -> dict[str, str]:
    """The password, not where every process of this machine could read it."""
    return env.of_child(PGPASSWORD=connection.settings_dict["PASSWORD"])
