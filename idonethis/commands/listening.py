"""What a command listens on."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any, TypeVar

import click

from idonethis import env

AnyCommand = TypeVar("AnyCommand", bound=Callable[..., Any])


def listens(command: AnyCommand) -> AnyCommand:
    """Adds ``--host`` and ``--port``."""
    host = click.option(
        "--host", default=lambda: env.text("HOST", "127.0.0.1"), help="Address to listen on."
    )
    port = click.option("--port", type=int, default=lambda: env.integer("PORT", 8000), help="Port.")
    return host(port(command))


def refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise click.ClickException(
                f"Nothing was started: {host}:{port} cannot be used ({problem.strerror}). "
                "Give another --port."
            ) from problem
