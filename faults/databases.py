"""The databases that the system is tested on, as something one can break."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import psycopg

from tests.site import free_port

#: What plays a log where several processes do, as docs/scaling-out.md has them.
APART = ("ingest", "ingest", "work", "work", "beat", "web")
#: How many faults are played at once, of those that need little.
AT_ONCE = 4
#: As many as faults that are played at once may open, and what they start and kill.
CONNECTIONS = 400
#: How long a database may take to start again after a death, in seconds.
RECOVERY = 60


class Sqlite:
    """Two files in the data folder."""

    name: ClassVar[str] = "SQLite"
    #: Who serves a log on it, and who may join where one is not enough.
    parts: ClassVar[tuple[str, ...]] = ("up",)
    more: ClassVar[tuple[str, ...]] = ()
    at_once: ClassVar[int] = AT_ONCE

    def start(self) -> None:
        """Nothing runs."""

    stop = start

    def create(self, place: str) -> None:
        """The files are made by who opens them."""

    def settings(self, place: str) -> dict[str, str]:
        return {"DATABASE_URL": ""}

    def copy(self, template: str, place: str) -> None:
        """The files are in the data folder, which is copied."""

    def ask(self, question: str, data: Path, place: str) -> list[Any]:
        """The receipts are in a file of their own."""
        file = "inbox" if "receipt" in question else "log"
        path = f"file:{data / file}.sqlite3?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=60)) as connection:
            return connection.execute(question).fetchall()

    def is_sound(self, data: Path) -> bool:
        files = [data / f"{name}.sqlite3" for name in ("log", "inbox")]
        return all(_integrity(file) == "ok" for file in files)


def _integrity(file: Path) -> str:
    with closing(sqlite3.connect(file, timeout=60)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


class Postgres:
    """A private server in a folder of its own. ``place`` is a database in it."""

    name: ClassVar[str] = "PostgreSQL"
    parts: ClassVar[tuple[str, ...]] = ("up",)
    more: ClassVar[tuple[str, ...]] = ("up",)
    at_once: ClassVar[int] = AT_ONCE

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="idonethis-postgres-"))
        self.port = free_port()
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
        # PostgreSQL refuses to run as root.
        self._as = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def start(self) -> None:
        if self._as:
            shutil.chown(self.folder, "postgres")
        words = ["-D", self._data, "-U", "idonethis", "-A", "trust", "-E", "UTF8", "--no-sync"]
        self._run("initdb", *words)
        self.start_again()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *words: str, check: bool = True) -> int:
        command = [*self._as, str(self._bin / program), *words]
        # Into a file: a server that stays would hold a pipe open for ever.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(command, cwd="/", stdout=said, stderr=said)
            said.seek(0)
            if check and done.returncode:
                raise RuntimeError(f"{program}: {said.read()[-500:].decode(errors='replace')}")
        return done.returncode

    def start_again(self) -> None:
        """After a death, too: until the dead one's children are gone, it refuses."""
        how = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        how += f" -c max_connections={CONNECTIONS}"
        words = ("-D", self._data, "-w", "-l", str(self.folder / "log"), "-o", how, "start")
        until = time.monotonic() + RECOVERY
        while self._run("pg_ctl", *words, check=False):
            if time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.2)

    def cut(self, how: str) -> None:
        """``fast`` and ``immediate`` are ways of ``pg_ctl stop``; ``kill`` is ``kill -9`` of the
        postmaster, which closes the port a moment later."""
        if how != "kill":
            self._run("pg_ctl", "-D", self._data, "-m", how, "stop")
            return
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    @property
    def is_running(self) -> bool:
        return self._run("pg_ctl", "-D", self._data, "status", check=False) == 0

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def settings(self, place: str) -> dict[str, str]:
        return {"DATABASE_URL": self._url(place)}

    def _url(self, place: str) -> str:
        return f"postgres://idonethis@127.0.0.1:{self.port}/{place}"

    def clone(self, folder: Path) -> Postgres:
        """Another server with the same databases, in this folder; started."""
        made = type(self)(folder)
        if self._as:
            shutil.chown(folder, "postgres")
        here = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "idonethis")
        self._run("pg_basebackup", "-D", made._data, "--checkpoint=fast", *here)
        made.start_again()
        return made

    def create(self, place: str, *, template: str = "template0") -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{place}" TEMPLATE "{template}"')

    def copy(self, template: str, place: str) -> None:
        self.create(place, template=template)

    def ask(self, question: str, data: Path, place: str) -> list[Any]:
        with psycopg.connect(self._url(place)) as connection:
            return connection.execute(question).fetchall()

    def is_sound(self, data: Path) -> bool:
        """Every index holds what its table holds. https://www.postgresql.org/docs/15/app-pgamcheck.html"""
        words = ("-p", str(self.port), "-h", "127.0.0.1", "-U", "idonethis", "--all")
        return self._run("pg_amcheck", *words, "--install-missing", check=False) == 0


def _version(folder: Path) -> int:
    return int(folder.parent.name)


class Apart(Postgres):
    """Served by separate processes, which it wakes itself."""

    name: ClassVar[str] = "Apart"
    parts: ClassVar[tuple[str, ...]] = APART
    more: ClassVar[tuple[str, ...]] = ()
    #: Each runs six processes.
    at_once: ClassVar[int] = 1


Database = Sqlite | Postgres
