"""``idonethis up``: everything that a team needs, in one process, without a question asked."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
from django.conf import settings

from idonethis import env
from idonethis.accounts.setup import setup_url
from idonethis.alone import AlreadyRunning, serving
from idonethis.checkpoints import careful
from idonethis.commands.listening import listens, refuse_taken
from idonethis.commands.preparing import collect_static_files, prepare
from idonethis.integrations.models.resealing import REMEDY, survey
from idonethis.mailing import doors
from idonethis.server import Server
from idonethis.whole import whole


@click.command()
@listens
@click.option("--demo", is_flag=True, help="Add a demo team with partners that are pretended.")
def up(host: str, port: int, demo: bool) -> None:
    """Start I Done This: web pages, hooks and background work, until Ctrl-C.

    Makes the data folder, the databases and the keys where they are missing, and continues where
    it stopped where they are not."""
    if not env.text("BASE_URL"):
        settings.BASE_URL = f"http://{_visible(host)}:{port}"
        env.keep_address(settings.BASE_URL)
    refuse_taken(host, port)
    try:
        with serving():
            _serve(host, port, demo=demo)
    except AlreadyRunning as problem:
        raise click.ClickException(f"{problem} Stop it first, or give another --data.") from problem
    click.echo("Stopped. Everything that was taken is stored.")


def _serve(host: str, port: int, *, demo: bool) -> None:
    prepare()
    collect_static_files()
    for warning in careful(databases=settings.DATABASES):
        click.echo(f"Take care          {warning.msg} {warning.hint}", err=True)
    if trouble := survey().trouble:
        click.echo(f"Take care          {trouble} {REMEDY}", err=True)
    server = Server(whole(), host, port)
    show = _demo(port, server) if demo else None
    _greet(show)
    try:
        with doors.opened():
            server.run()
    finally:
        if show:
            show.stop()


def _demo(port: int, server: Server) -> Any:
    """The pretend partners take memory, and few servers have them."""
    return import_module("idonethis.demo").Demo(port, server).begin()


def _visible(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104


def _greet(show: Any) -> None:
    click.echo(f"I Done This is at  {settings.BASE_URL}")
    if url := setup_url():
        click.echo(f"Set it up here     {url}   (works once)")
    for line in show.greeting if show else ():
        click.echo(line)
    click.echo(f"Its data is in     {settings.DATA}")
    click.echo("Ctrl-C stops it.")
