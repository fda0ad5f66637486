"""The command ``idonethis``."""

from __future__ import annotations

import sys
from importlib import import_module

import click
import django

from idonethis import env


def main() -> None:
    """Runs one command. What was asked wrongly ends with one line and the exit code 2, what could
    not be done with one line and the exit code 1."""
    try:
        _choose_data(sys.argv[1:])
        env.set_default("DJANGO_SETTINGS_MODULE", "idonethis.settings")
        django.setup()
        # Models exist only from here on, so the commands cannot be imported at the top.
        commands = import_module("idonethis.commands")
        commands.idonethis(standalone_mode=False, prog_name="idonethis")
    except click.UsageError as problem:
        _end(problem.format_message(), code=2)
    except (click.ClickException, env.Misconfigured) as problem:
        _end(str(problem), code=1)
    except (click.Abort, KeyboardInterrupt):
        _end("Stopped.", code=130)


def _choose_data(arguments: list[str]) -> None:
    """``--data`` decides what the settings read, so it is looked up before they are."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--data="):
            env.choose_data(argument.partition("=")[2])
        elif argument == "--data" and position + 1 < len(arguments):
            env.choose_data(arguments[position + 1])


def _end(line: str, *, code: int) -> None:
    click.echo(" ".join(line.split()), err=True)
    sys.exit(code)
