"""The command ``idonethis``."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click
import django

from idonethis import apart, env


def main() -> None:
    """Runs one command. What was asked wrongly ends with one line and the exit code 2, what could
    not be done with one line and the exit code 1."""
    try:
        arguments = _choose_data(sys.argv[1:])
        apart.check(next(iter(arguments), ""))
        env.set_default("DJANGO_SETTINGS_MODULE", "idonethis.settings")
        _set_up()
        # Models exist only from here on, so the commands cannot be imported at the top.
        commands = import_module("idonethis.commands")
        status = commands.idonethis(
            arguments or ["--help"], standalone_mode=False, prog_name="idonethis"
        )
        sys.exit(status if isinstance(status, int) else 0)
    except click.UsageError as problem:
        _end(_with_hint(problem), code=2)
    except (click.ClickException, env.Misconfigured) as problem:
        _end(str(problem), code=1)
    except (click.Abort, KeyboardInterrupt):
        _end("Stopped.", code=130)
    except BrokenPipeError:
        _be_quiet()


def _choose_data(arguments: list[str]) -> list[str]:
    """``--data`` decides what the settings read, so it is taken out before they are, wherever it
    stands. Returns the other arguments."""
    rest = list(arguments)
    for position, argument in enumerate(arguments):
        if argument.startswith("--data="):
            env.choose_data(argument.partition("=")[2])
            del rest[position]
            break
        if argument == "--data" and position + 1 < len(arguments):
            env.choose_data(arguments[position + 1])
            del rest[position : position + 2]
            break
    return rest


def _set_up() -> None:
    try:
        django.setup()
    except OSError as problem:
        raise click.ClickException(f"The data folder cannot be used: {problem}") from problem


def _with_hint(problem: click.UsageError) -> str:
    asked = problem.ctx.command_path if problem.ctx else "idonethis"
    if isinstance(problem, click.exceptions.NoArgsIsHelpError):
        return f"{asked} needs to know what to do. Try “{asked} --help”."
    return f"{problem.format_message()} Try “{asked} --help”."


def _end(line: str, *, code: int) -> None:
    click.echo(" ".join(line.split()), err=True)
    sys.exit(code)


def _be_quiet() -> None:
    """Who reads our output has seen enough. https://docs.python.org/3/library/signal.html#note-on-sigpipe"""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
