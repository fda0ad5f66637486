from __future__ import annotations

import json

import click

from idonethis.commands.finding import as_json
from idonethis.doctor import Checkup, Finding, Verdict

COLOURS = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.BAD: "red"}


@click.command()
@click.option(
    "--online", is_flag=True, help="Ask the partners, too, whether they know this server."
)
@as_json
def doctor(online: bool, as_json: bool) -> int:
    """Say whether everything is as it should be, and what to do where it is not.

    Ends with 1 if something is bad."""
    checkup = Checkup.from_terminal(online=online)
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in checkup.findings]))
    else:
        for finding in checkup.findings:
            _say(finding)
    return int(checkup.is_bad)


def _say(finding: Finding) -> None:
    verdict = click.style(f"{finding.verdict:<5}", fg=COLOURS[finding.verdict])
    fix = f" Do: {finding.fix}" if finding.fix else ""
    click.echo(f"{verdict} {finding.name:<18} {finding.says}{fix}")
