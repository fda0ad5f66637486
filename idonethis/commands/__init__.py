"""What ``idonethis`` can do. Each module here brings one group of commands."""

from __future__ import annotations

import click

from idonethis import __version__
from idonethis.audit.acting import at_the_terminal
from idonethis.commands.activity import activity
from idonethis.commands.audit import audit
from idonethis.commands.backfill import backfill
from idonethis.commands.backups import backup, restore, resume_outgoing
from idonethis.commands.doctor import doctor
from idonethis.commands.entries import entries, receipts
from idonethis.commands.export_integration import export_integration
from idonethis.commands.identities import identity
from idonethis.commands.keys import rotate_keys
from idonethis.commands.links import link
from idonethis.commands.new_integration import new_integration
from idonethis.commands.people import member, setup_link, team, user
from idonethis.commands.preview import preview
from idonethis.commands.replay import replay
from idonethis.commands.up import up
from idonethis.commands.why import why


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="I Done This")
@click.option("--data", metavar="FOLDER", help="The data folder (default: IDONETHIS_DATA).")
@click.pass_context
def idonethis(context: click.Context, data: str | None) -> None:
    """A team log of what people got done, which fills itself."""
    context.with_resource(at_the_terminal())


for command in (
    up, doctor, backup, restore, resume_outgoing, preview, user, team, member, link, identity,
    entries, receipts, activity, why, replay, backfill, audit, setup_link, rotate_keys,
    new_integration, export_integration,
):  # fmt: skip
    idonethis.add_command(command)
