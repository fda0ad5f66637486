"""What ``idonethis`` can do. Each module here brings one group of commands."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword

import click

from idonethis import __version__
from idonethis.audit.acting import at_the_terminal

#: Each command, and the module that brings it.
COMMANDS = {
    "up": "up", "doctor": "doctor", "backup": "backups", "restore": "backups",
    "resume-outgoing": "backups", "preview": "preview", "user": "people", "team": "people",
    "member": "people", "link": "links", "identity": "identities", "entries": "entries",
    "receipts": "entries", "activity": "activity", "why": "why", "replay": "replay",
    "backfill": "backfill", "audit": "audit", "app": "apps", "setup-link": "people",
    "rotate-keys": "keys", "migrate-to-postgres": "moving", "new-integration": "new_integration",
    "export-integration": "export_integration", "archive": "archiving", "import": "importing",
    "undo-import": "importing", "export": "exporting",
    "web": "parts", "ingest": "parts", "work": "parts", "beat": "parts",
}  # fmt: skip


class Commands(click.Group):
    """Loads what the command needs that is asked for, and nothing of the others: a server takes as
    long to load as all the rest. https://click.palletsprojects.com/en/stable/complex/"""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{COMMANDS[name]}")
        words = name.replace("-", "_")
        # A word that Python keeps for itself has a stroke behind it.
        command: click.Command = getattr(module, f"{words}_" if iskeyword(words) else words)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="I Done This")
@click.option("--data", metavar="FOLDER", help="The data folder (default: IDONETHIS_DATA).")
@click.pass_context
def idonethis(context: click.Context, data: str | None) -> None:
    """A team log of what people got done, which fills itself."""
    context.with_resource(at_the_terminal())
