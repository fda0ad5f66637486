"""``idonethis export-integration LINK``: what somebody has picked on the page of a link, as the
folder of an integration."""

from __future__ import annotations

from pathlib import Path

import click

from idonethis.commands.finding import as_json, needs_database, tell, the_link
from idonethis.integrations.exporting import CannotExport, exported


@click.command("export-integration")
@click.argument("link", metavar="LINK")
@click.option(
    "--to",
    "where",
    default=".",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="In which folder it is written (default: this one).",
)
@as_json
@needs_database
def export_integration(link: str, where: Path, as_json: bool) -> None:
    """Write the folder of an integration that picks from a body what LINK picks.

    What looks like a secret is masked in its fixture; names of people are not."""
    found = the_link(link)
    if found.user is None:
        raise click.ClickException("Nobody looks after this link. Nothing was written.")
    try:
        made = exported(found, found.user)
    except CannotExport as problem:
        raise click.ClickException(f"{problem} Nothing was written.") from problem
    folder = where / made.name
    if folder.exists():
        raise click.ClickException(f"There is {folder} already. Nothing was written.")
    for path, content in made.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    facts = {"name": made.name, "folder": str(folder), "files": sorted(made.files)}
    tell(facts, f"Wrote {folder}. Look through its fixture before you share it.", in_json=as_json)
