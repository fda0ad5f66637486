"""All the files of an export: one to read back, one for spreadsheets, and pages."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from django.template.loader import render_to_string

from idonethis.porting.writing import archive, csv_file
from idonethis.porting.writing.pages import Book
from idonethis.teams.models import Team

#: A file of an export: its name, and what stands in it.
File = tuple[str, Iterable[bytes]]


@dataclass(frozen=True)
class Export:
    """Of one team, or, without one, of the whole server."""

    team: Team | None = None

    @property
    def name(self) -> str:
        return f"idonethis-{self.team.slug}" if self.team else "idonethis"

    def jsonl(self) -> Iterator[bytes]:
        return archive.of_team(self.team) if self.team else archive.of_server()

    def files(self) -> Iterator[File]:
        yield "log.jsonl", self.jsonl()
        teams = [self.team] if self.team else list(Team.objects.order_by("name", "hash_id"))
        for team in teams:
            yield f"{team.slug}.csv", csv_file.of_team(team)
            yield from ((f"{team.slug}/{name}", [page]) for name, page in Book(team).pages())
        yield "index.html", [render_to_string("porting/book/teams.html", {"teams": teams}).encode()]

    def download(self, kind: str) -> bytes:
        """Of one team, as a browser keeps it."""
        if kind == "zip":
            with BytesIO() as made:
                self.zip_into(made)
                return made.getvalue()
        writes = csv_file.of_team(self.team) if self.team and kind == "csv" else self.jsonl()
        return b"".join(writes)

    def zip_into(self, file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            for name, parts in self.files():
                with made.open(name, "w") as inside:
                    inside.writelines(parts)

    def write_into(self, folder: Path) -> int:
        """Returns how many files it wrote."""
        count = 0
        for name, parts in self.files():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write(folder / name, parts)
            count += 1
        return count


def write(file: Path, parts: Iterable[bytes]) -> None:
    with whole(file) as opened:
        opened.writelines(parts)


@contextmanager
def whole(file: Path) -> Iterator[IO[bytes]]:
    """What is written is there whole, or not at all; for nobody else's eyes."""
    half = file.with_name(f"{file.name}.part")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        with half.open("wb") as opened:
            yield opened
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
