"""``idonethis archive``: what came in long ago, into files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from idonethis.alone import one_at_a_time
from idonethis.commands.finding import as_json, needs_database, tell
from idonethis.commands.progress import progress
from idonethis.integrations.keeping.keeping import LOCK, Keeping, folder_of_settings
from idonethis.integrations.keeping.plan import Plan
from idonethis.integrations.keeping.ripe import is_busy
from idonethis.integrations.keeping.window import Window
from idonethis.integrations.models import Bygone
from idonethis.ui.words import numbered

#: A backup, say.
STILL_THERE = (
    "Somebody reads in the inbox just now, so its place on the disk is not given back yet. The "
    "server does that, or this command when it is run again."
)
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--before", type=DAY, help="What came before this day (default: KEEP_RECEIPTS_DAYS).")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="A folder.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--list", "listing", is_flag=True, help="List the files that were written so far.")
@as_json
@needs_database
def archive(
    before: datetime | None, folder: Path | None, dry_run: bool, listing: bool, as_json: bool
) -> None:
    """Write what came in long ago into files, a day each, and take it out of the inbox.

    Entries stay. So does what still waits: for a person, for a decision, in a storm. Each file is
    read back before anything that it holds goes; whoever stops this can run it again."""
    if listing:
        _list(in_json=as_json)
        return
    window = _window(before)
    plan = Plan.of(window)
    if not as_json:
        click.echo("\n".join(_planned(plan, window)))
    facts = {"receipts": plan.receipts, "bytes": plan.size, "waiting": plan.waiting}
    files = [] if dry_run else _archive(_folder(folder), window, plan)
    tell(facts | {"files": files}, _done(plan, files, dry_run=dry_run), in_json=as_json)


def _list(*, in_json: bool) -> None:
    files = [_facts(each) for each in Bygone.objects.archived()]
    if in_json:
        click.echo(json.dumps(files, indent=1))
        return
    for each in files:
        click.echo("{day}  {receipts:>8,}  {bytes:>12,}  {file}".format(**each))


def _facts(bygone: Bygone) -> dict[str, Any]:
    return {
        "day": bygone.day.isoformat(),
        "receipts": bygone.receipts,
        "bytes": bygone.size,
        "sha256": bygone.digest,
        "file": bygone.file,
    }


def _window(before: datetime | None) -> Window:
    if before:
        return Window(before.replace(tzinfo=UTC))
    if window := Window.of_settings():
        return window
    raise click.UsageError("KEEP_RECEIPTS_DAYS keeps everything: say --before which day.")


def _folder(asked: Path | None) -> Path:
    if folder := asked or folder_of_settings():
        return folder
    raise click.UsageError("Say --to which folder, or set ARCHIVE_RECEIPTS_TO.")


def _planned(plan: Plan, window: Window) -> Iterator[str]:
    receipts = numbered(plan.receipts, "receipt", "receipts")
    days, size = numbered(len(plan.days), "day", "days"), f"{plan.size:,} bytes as stored"
    yield f"Before {window.before:%Y-%m-%d}: {receipts} of {days}, {size}."
    if plan.waiting:
        yield f"{numbered(plan.waiting, 'is', 'are')} as old, and wait: they stay."


def _archive(folder: Path, window: Window, plan: Plan) -> list[str]:
    if is_busy():
        raise click.ClickException(
            "What came in is being read again, or looked through for somebody who was deleted. "
            "Nothing was archived: try it again when that is over."
        )
    with one_at_a_time(LOCK) as mine:
        if not mine:
            raise click.ClickException("The server archives just now. Nothing else was archived.")
        last = Bygone.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        _go_through(Keeping(folder), window, plan)
    return [each.file for each in Bygone.objects.archived().filter(pk__gt=last)]


def _go_through(keeping: Keeping, window: Window, plan: Plan) -> None:
    tell_progress, done = progress("receipts"), 0
    total = plan.receipts + plan.waiting
    while looked := keeping.turn(window):
        done = min(done + looked, total)
        tell_progress("Archived", done, total)
    if keeping.trouble:
        raise click.ClickException(f"{keeping.trouble} What is in no file is still in the inbox.")
    if not keeping.is_over:
        click.echo(STILL_THERE, err=True)


def _done(plan: Plan, files: list[str], *, dry_run: bool) -> str:
    if dry_run:
        return "Nothing was changed."
    if not files:
        return "There was nothing to archive."
    return f"Archived into {numbered(len(files), 'file', 'files')}, each read back:\n" + "\n".join(
        files
    )
