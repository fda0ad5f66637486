"""What must be set before a process that plays one part of several may start. Asked before the
settings are read, since those make up what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from idonethis import env

#: The commands that start one part.
PARTS = ("web", "ingest", "work", "beat")
#: What one process makes for itself, and several must share.
SHARED = ("SECRET_KEY", "ENCRYPTION_KEY")


def check(command: str) -> None:
    """Raises Misconfigured, and says what is missing and what to do."""
    if command in PARTS:
        for trouble in _troubles(command):
            raise env.Misconfigured(f"Nothing was started: {trouble}")


def _troubles(command: str) -> Iterator[str]:
    if not env.text("DATABASE_URL"):
        yield (
            f"idonethis {command} is one of several processes, and SQLite bears only one. Set "
            "DATABASE_URL to a PostgreSQL (idonethis migrate-to-postgres moves a log there), or "
            "run idonethis up, which does everything in one process."
        )
    if not env.text("BASE_URL"):
        yield "BASE_URL is not set. Every process must know the address that people use."
    for name in SHARED:
        if not env.is_kept(name):
            yield (
                f"{name} is not set, and all processes need the same. Set it or {name}_FILE, or "
                f"copy the file {name.lower()} from the data folder of another process."
            )
    yield from _of_broker(env.text("BROKER_URL"))


def _of_broker(url: str) -> Iterator[str]:
    if url and not url.startswith(("amqp://", "amqps://")):
        yield "BROKER_URL must look like amqp://user:password@host/name."
    if url and not find_spec("celery"):
        yield "BROKER_URL is set, and Celery is not installed. Install idonethis[scale]."
