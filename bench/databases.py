"""Where I Done This keeps its rows while it is measured, each with people in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.inside import Inside
from bench.processes import everywhere
from faults.databases import Database, Postgres, Sqlite


@dataclass(frozen=True)
class Kept:
    """``env`` names the data folder and the database; ``cookie`` is Ada's, to look at pages."""

    database: Database
    env: dict[str, str]
    cookie: str

    @property
    def data(self) -> Path:
        return Path(self.env["IDONETHIS_DATA"])

    @property
    def is_postgres(self) -> bool:
        return isinstance(self.database, Postgres)


def has_postgres() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@contextmanager
def private_postgres(folder: Path) -> Iterator[Postgres]:
    """A server of its own, with its files on the disk that is measured. It does sync them."""
    place = folder / "postgres"
    place.mkdir()
    open_up(folder)
    server = Postgres(place)
    with everywhere():
        server.start()
    try:
        yield server
    finally:
        server.stop()


def open_up(folder: Path) -> None:
    """PostgreSQL runs as somebody else, who has to reach its folder."""
    if os.getuid() == 0:
        folder.chmod(0o755)


def kept(folder: Path, name: str, database: Database | None = None) -> Kept:
    """A data folder, and a database in the server, that nobody has used yet."""
    database = database or Sqlite()
    database.create(name)
    env = {"IDONETHIS_DATA": str(folder / name), **database.settings(name)}
    with Inside(env) as inside:
        return Kept(database, env, inside.ask("people.prepare"))


@contextmanager
def passing(folder: Path, name: str, database: Database | None = None) -> Iterator[Kept]:
    """The same; the data folder is gone afterwards."""
    made = kept(folder, name, database)
    try:
        yield made
    finally:
        shutil.rmtree(made.data, ignore_errors=True)
