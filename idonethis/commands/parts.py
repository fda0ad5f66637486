"""``idonethis web``, ``ingest``, ``work`` and ``beat``: each plays one part of what ``up`` does
alone. What must be set for them is checked before the settings are read: ``idonethis.apart``."""

from __future__ import annotations

import click

from idonethis.alone import AlreadyRunning, serving
from idonethis.commands.listening import listens, refuse_taken
from idonethis.commands.preparing import collect_static_files, prepare
from idonethis.parts import PARTS
from idonethis.server import Server


@click.command()
@listens
def web(host: str, port: int) -> None:
    """Serve pages and the API, one process of several.

    On PostgreSQL, beside `ingest`, `work` and `beat`; see docs/scaling-out.md."""
    _serve("web", host, port)


@click.command()
@listens
def ingest(host: str, port: int) -> None:
    """Take hooks, one process of several.

    It answers /integrations/TYPE/hook and nothing else, besides the probes."""
    _serve("ingest", host, port)


@click.command()
@listens
def work(host: str, port: int) -> None:
    """Work on what is stored, one process of several.

    With BROKER_URL it is a Celery worker; without, PostgreSQL wakes it. It answers the probes."""
    _serve("work", host, port)


@click.command()
@listens
def beat(host: str, port: int) -> None:
    """Wake what has to happen now and then, one process of several.

    One is enough, and two do no harm. It answers the probes."""
    _serve("beat", host, port)


def _serve(part: str, host: str, port: int) -> None:
    refuse_taken(host, port)
    try:
        with serving():
            prepare()
            if part == "web":
                collect_static_files()
            server = Server(PARTS[part](), host, port)
            click.echo(f"idonethis {part} answers at {host}:{port}. Ctrl-C stops it.")
            server.run()
    except AlreadyRunning as problem:
        raise click.ClickException(f"{problem} Nothing was started.") from problem
    click.echo("Stopped. What was in hand is done.")
