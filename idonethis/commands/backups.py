"""Backups, and the way back from them."""

from __future__ import annotations

from pathlib import Path

import click
from django.db import connections

from idonethis.alone import AlreadyRunning
from idonethis.backups.aftermath import Aftermath
from idonethis.backups.backup import back_up
from idonethis.backups.manifest import BadBackup
from idonethis.backups.restore import Restore
from idonethis.commands.finding import as_json, needs_database, tell
from idonethis.commands.progress import progress
from idonethis.integrations.models import OutgoingHold
from idonethis.integrations.models.sweeping import waiting
from idonethis.ui.words import numbered


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--with-keys", is_flag=True, help="Put the keys in, too: then guard FILE like them.")
@click.option("--over", is_flag=True, help="Replace FILE if it is there.")
@as_json
@needs_database
def backup(file: Path, with_keys: bool, over: bool, as_json: bool) -> None:
    """Write everything into FILE, while the server runs, and check what was written.

    Without the keys, its secrets stay closed for whoever finds it; keep the file encryption_key of
    the data folder elsewhere."""
    if file.exists() and not over:
        raise click.ClickException(f"{file} is there already. Give --over to replace it.")
    if not file.resolve().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.resolve().parent}.")
    try:
        manifest = back_up(file, with_keys=with_keys, tell=progress("pages"))
    except (BadBackup, OSError) as problem:
        raise click.ClickException(f"No backup was made: {problem}") from problem
    rows, size = sum(manifest.counts.values()), file.stat().st_size
    facts = {"file": str(file), "rows": rows, "bytes": size, "with_keys": with_keys}
    sentence = f"Backed up {rows:,} rows into {file} ({size:,} bytes), and checked it."
    tell(facts, sentence + "" if with_keys else f"{sentence} {KEYS_STAY}", in_json=as_json)


KEYS_STAY = "The keys are not in it: keep the file encryption_key of the data folder, too."


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--over", is_flag=True, help="Replace the data that is here.")
@click.option("--without-key", is_flag=True, help="Restore although its encryption key is lost.")
@as_json
def restore(file: Path, over: bool, without_key: bool, as_json: bool) -> None:
    """Bring everything back as it is in FILE. The server must not run.

    Nothing goes out to partners afterwards until an administrator says so, on a page or with
    “idonethis resume-outgoing”."""
    try:
        found = Restore(file, over=over, without_key=without_key).run()
    except BadBackup as problem:
        raise click.ClickException(f"{file} was not restored. {problem}") from problem
    except AlreadyRunning as problem:
        raise click.ClickException(f"{problem} Stop it first. Nothing was changed.") from problem
    finally:
        connections.close_all()
    facts = {"made_at": found.manifest.made_at, "rows": sum(found.manifest.counts.values())}
    facts |= found.lost._asdict()
    tell(facts, "\n".join(_sentences(found)), in_json=as_json)


def _sentences(found: Aftermath) -> list[str]:
    rows = sum(found.manifest.counts.values())
    said = f"Restored {rows:,} rows as of {found.manifest.made:%Y-%m-%d %H:%M} UTC."
    held = "Nothing goes out until somebody says so: idonethis resume-outgoing"
    return [said, *found.lost.sentences, held]


@click.command("resume-outgoing")
@as_json
@needs_database
def resume_outgoing(as_json: bool) -> None:
    """After a restore: this log is the one that counts, so what waits goes out."""
    due = waiting()
    was_held = OutgoingHold.lift()
    said = f"{numbered(due.entries, 'entry goes', 'entries go')} out, and "
    said += f"{numbered(due.webhooks, 'webhook is', 'webhooks are')} removed."
    sentence = said if was_held else "Nothing was held. Nothing was changed."
    tell({"was_held": was_held, **due._asdict()}, sentence, in_json=as_json)
