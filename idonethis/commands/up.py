"""``idonethis up``: everything that a team needs, in one process, without a question asked."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command

from idonethis import env
from idonethis.accounts.setup import setup_url
from idonethis.alone import AlreadyRunning, serving
from idonethis.checkpoints import careful
from idonethis.demo import Demo
from idonethis.integrations.models.resealing import REMEDY, survey
from idonethis.mailing import doors
from idonethis.schema import bring_up_to_date
from idonethis.server import Server


@click.command()
@click.option("--host", default=lambda: env.text("HOST", "127.0.0.1"), help="Address to listen on.")
@click.option("--port", type=int, default=lambda: env.integer("PORT", 8000), help="Port.")
@click.option("--demo", is_flag=True, help="Add a demo team with partners that are pretended.")
def up(host: str, port: int, demo: bool) -> None:
    """Start I Done This: web pages, hooks and background work, until Ctrl-C.

    Makes the data folder, the databases and the keys where they are missing, and continues where
    it stopped where they are not."""
    if not env.text("BASE_URL"):
        settings.BASE_URL = f"http://{_visible(host)}:{port}"
        env.keep_address(settings.BASE_URL)
    _refuse_taken(host, port)
    try:
        with serving():
            _serve(host, port, demo=demo)
    except AlreadyRunning as problem:
        raise click.ClickException(f"{problem} Stop it first, or give another --data.") from problem
    click.echo("Stopped. Everything that was taken is stored.")


def _serve(host: str, port: int, *, demo: bool) -> None:
    prepare()
    for warning in careful(databases=settings.DATABASES):
        click.echo(f"Take care          {warning.msg} {warning.hint}", err=True)
    if trouble := survey().trouble:
        click.echo(f"Take care          {trouble} {REMEDY}", err=True)
    server = Server(host, port)
    show = Demo(port, server).begin() if demo else None
    _greet(show)
    try:
        with doors.opened():
            server.run()
    finally:
        if show:
            show.stop()


def prepare() -> None:
    """Brings the databases and the static files to this version."""
    os.umask(0o077)
    bring_up_to_date()
    _collect_static_files()


def _collect_static_files() -> None:
    """Only what has changed since the last start: hashing and packing takes most of a second."""
    folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    seen = "\n".join(f"{path} {path.stat().st_mtime_ns}" for path in files)
    stamp = settings.STATIC_ROOT / "collected"
    if not stamp.exists() or stamp.read_text() != seen:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(seen)


def _visible(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise click.ClickException(
                f"Nothing was started: {host}:{port} cannot be used ({problem.strerror}). "
                "Give another --port."
            ) from problem


def _greet(show: Demo | None) -> None:
    click.echo(f"I Done This is at  {settings.BASE_URL}")
    if url := setup_url():
        click.echo(f"Set it up here     {url}   (works once)")
    for line in show.greeting if show else ():
        click.echo(line)
    click.echo(f"Its data is in     {settings.DATA}")
    click.echo("Ctrl-C stops it.")
