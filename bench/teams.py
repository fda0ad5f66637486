"""Teams of each size, filled once and kept for the next run: a million entries take a while."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.databases import has_postgres, open_up
from bench.inside import Inside
from bench.processes import everywhere
from faults.databases import Database, Postgres, Sqlite

CACHE = Path(tempfile.gettempdir()) / "idonethis-bench-teams"
#: What they are made by. Another database, or another way to fill it, is another team.
ROOT = Path(__file__).resolve().parent.parent
FILLED_BY = ("body.py", "within/filling.py", "within/people.py", "within/receiving.py")
MADE_BY = (
    *ROOT.glob("idonethis/*/migrations/*.py"),
    *(ROOT / "bench" / name for name in FILLED_BY),
)


class KeptPostgres(Postgres):
    """Its folder stays when it stops, and it starts again from there."""

    def start(self) -> None:
        if (self.folder / "data").exists():
            self.start_again()
        else:
            super().start()

    def create(self, place: str, *, template: str = "template0") -> None:
        """Anew, where filling it has not come to its end the last time."""
        self._run("dropdb", "--if-exists", *self._here, place)
        super().create(place, template=template)

    @property
    def _here(self) -> tuple[str, ...]:
        return ("-h", "127.0.0.1", "-p", str(self.port), "-U", "idonethis")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "fast", "stop", check=False)


@contextmanager
def databases() -> Iterator[dict[str, Database]]:
    """Both, where there are both; their rows stay."""
    found: dict[str, Database] = {"sqlite": Sqlite()}
    place = CACHE / fingerprint() / "postgres"
    if has_postgres():
        place.mkdir(parents=True, exist_ok=True)
        for folder in (CACHE, place.parent):
            open_up(folder)
        found["postgresql"] = KeptPostgres(place)
        with everywhere():
            found["postgresql"].start()
    try:
        yield found
    finally:
        for database in found.values():
            database.stop()


def fingerprint() -> str:
    text = b"".join(path.read_bytes() for path in sorted(MADE_BY))
    return hashlib.sha256(text).hexdigest()[:12]


@contextmanager
def team(size: int, database: Database) -> Iterator[Inside]:
    """A process on the databases of a team with so many entries."""
    name = f"team_{database.name.lower()}_{size}"
    data = CACHE / fingerprint() / name
    env: dict[str, str] = {"IDONETHIS_DATA": str(data), **database.settings(name)}
    filled = data / "filled"
    if not filled.exists():
        shutil.rmtree(data, ignore_errors=True)
        database.create(name)
    with Inside(env) as inside:
        if not filled.exists():
            _fill(inside, size)
            filled.touch()
        yield inside


def _fill(inside: Inside, size: int) -> Any:
    inside.ask("people.prepare")
    inside.ask("filling.fill", size=size)
    inside.ask("filling.settle")
