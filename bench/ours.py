"""I Done This as it is served: ``python -m bench.ours all PORT``, ``ingest PORT`` or ``work``.

``all`` is what ``idonethis up`` serves; the others are its two halves, each a process."""

from __future__ import annotations

import os
import signal
import sys
import threading

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "idonethis.settings")
django.setup()

import uvicorn  # noqa: E402

from idonethis.asgi import application  # noqa: E402
from idonethis.integrations import registry  # noqa: E402
from idonethis.integrations.ingest.writer import GroupCommit  # noqa: E402
from idonethis.integrations.models.expanding import expansions  # noqa: E402
from idonethis.server import KEEPING, WORKING, Server, Workers, config, settle  # noqa: E402

HOST = "127.0.0.1"


def serve(port: str) -> None:
    Server(HOST, int(port)).run()


def take(port: str) -> None:
    """Takes hooks, and nobody reads them."""
    writer = GroupCommit()
    registry.every()
    settle()
    writer.start()
    keeping = Workers(*KEEPING)
    keeping.start()
    uvicorn.Server(config(application(writer), HOST, int(port))).run()
    keeping.stop()
    writer.stop()


def work() -> None:
    registry.every()
    settle()
    workers, told = Workers(*WORKING, *expansions()), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    workers.start()
    told.wait()
    workers.stop()


{"all": serve, "ingest": take, "work": work}[sys.argv[1]](*sys.argv[2:])
