"""Where I Done This keeps its rows while it is measured, each with people in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

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


SQLITE, TEMPLATE = Sqlite(), "template_of_all"
_made: dict[Database, Kept] = {}


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


def kept(folder: Path, name: str, database: Database = SQLITE) -> Kept:
    """A data folder, and a database in the server, that nobody has used yet. All are copies of one,
    since making one takes seconds."""
    if database not in _made:
        _made[database] = _make(Path(mkdtemp(dir=folder.parent)) / TEMPLATE, database)
    template = _made[database]
    shutil.copytree(template.data, folder / name)
    database.copy(TEMPLATE, name)
    env = {"IDONETHIS_DATA": str(folder / name), **database.settings(name)}
    return replace(template, env=env)


def _make(data: Path, database: Database) -> Kept:
    database.create(TEMPLATE)
    env = {"IDONETHIS_DATA": str(data), **database.settings(TEMPLATE)}
    with Inside(env) as inside:
        return Kept(database, env, inside.ask("people.prepare"))
