"""``idonethis migrate-to-postgres``: the same log in another database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from urllib.parse import urlsplit

import click
from django.conf import settings

from idonethis import env
from idonethis.alone import AlreadyRunning
from idonethis.commands.finding import as_json, tell
from idonethis.commands.progress import progress
from idonethis.moving import CannotMove
from idonethis.moving.move import Moved, move
from idonethis.ui.words import listed, numbered

#: The beginning of a digest tells two of them apart, for whoever looks.
SHOWN = 16


@click.command("migrate-to-postgres")
@click.argument("url", required=False)
@as_json
def migrate_to_postgres(url: str | None, as_json: bool) -> None:
    """Move the log from SQLite into the empty PostgreSQL database at URL. The server must not run.

    URL looks like postgres://user:password@host/name; left out, it is what DATABASE_URL says. All
    of it moves, or nothing; every row is read again on both sides and compared. The SQLite files
    stay as they are."""
    chosen = _choose(url)
    try:
        moved = move(settings.DATA, tell=progress("rows"))
    except CannotMove as problem:
        raise click.ClickException(f"Nothing was moved or changed. {problem}") from problem
    except AlreadyRunning as problem:
        raise click.ClickException(f"{problem} Stop it first. Nothing was changed.") from problem
    setting = f"DATABASE_URL={_without_password(chosen)}"
    facts = {"rows": moved.rows, "setting": setting, **asdict(moved)}
    tell(facts, "\n".join(_lines(moved, setting)), in_json=as_json)


def _choose(url: str | None) -> str:
    """The settings decide where rows live: with this database in them, the process begins anew."""
    set_already = env.text("DATABASE_URL")
    if not (url or set_already):
        raise click.UsageError("Say which database: postgres://user:password@host/name.")
    if url and not set_already:
        env.choose_database(url)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
    if url and url != set_already:
        raise click.ClickException(
            "This log is in another database already, as DATABASE_URL says. Nothing was changed."
        )
    return set_already


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":PASSWORD@", 1) if password else url


def _lines(moved: Moved, setting: str) -> Iterator[str]:
    full = [table for table in moved.tables if table.rows]
    yield f"{'Table':<44} {'Rows':>12}  SHA-256 of them"
    yield from (f"{each.name:<44} {each.rows:>12,}  {each.digest[:SHOWN]}" for each in full)
    empty = numbered(len(moved.tables) - len(full), "table is", "tables are")
    yield f"Moved {numbered(moved.rows, 'row', 'rows')}; {empty} empty."
    yield "Each row was read again on both sides, and is the same."
    if moved.left:
        yield f"This version has no use for {listed(moved.left)}: that did not move."
    yield f"The SQLite files in {settings.DATA} are as they were. The keys stay there, too, and are"
    yield "needed as before. Put this line into the file settings.env there, or into the"
    yield "environment, and start “idonethis up”:"
    yield setting
    yield "A server that is started without it would go on in the SQLite files."
