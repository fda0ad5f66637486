"""``idonethis export``: how a log moves out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from idonethis.audit.models import record
from idonethis.commands.finding import as_json, needs_database, tell, the_team
from idonethis.porting.writing.csv_file import of_team
from idonethis.porting.writing.files import Export, whole, write
from idonethis.teams.models import Team


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--team", help="Only this team, as its members see it (default: all of the server).")
@click.option("--over", is_flag=True, help="Replace what is there.")
@as_json
@needs_database
def export(path: Path, team: str | None, over: bool, as_json: bool) -> None:
    """Write the log into PATH: a .jsonl to import elsewhere, a .csv for spreadsheets (of one team),
    a .zip with both and pages to read, or a folder with the same.

    No password, token or other secret is in it."""
    if path.exists() and not over:
        raise click.ClickException(f"{path} is there already. Give --over to replace it.")
    of = the_team(team) if team else None
    try:
        _write(path, Export(of), of)
    except OSError as problem:
        raise click.ClickException(f"Nothing was exported: {problem}") from problem
    record("log.exported", of or "", team=of, form=path.suffix.lstrip(".") or "folder")
    said = f"Exported {of or 'all teams'} into {path}. No secret is in it."
    tell({"path": str(path), "team": of.slug if of else None}, said, in_json=as_json)


def _write(path: Path, wanted: Export, team: Team | None) -> None:
    if path.suffix == ".csv" and team is None:
        raise click.UsageError("A .csv is of one team: say --team.")
    if path.suffix == ".zip":
        with whole(path) as file:
            wanted.zip_into(file)
    elif path.suffix in (".jsonl", ".csv"):
        parts: Iterator[Any] = of_team(team) if team and path.suffix == ".csv" else wanted.jsonl()
        write(path, parts)
    else:
        path.mkdir(parents=True, exist_ok=True)
        wanted.write_into(path)
