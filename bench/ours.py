"""Two halves of I Done This, each a process of its own: ``python -m bench.ours ingest PORT`` and
``work PORT``."""

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
from idonethis.memory import settle, share  # noqa: E402
from idonethis.server import KEEPING, WORKING, Workers, config  # noqa: E402


def ingest(port: int) -> None:
    """Takes hooks, and nobody reads them."""
    share()
    writer = GroupCommit()
    registry.every()
    settle()
    writer.start()
    keeping = Workers(*KEEPING)
    keeping.start()
    uvicorn.Server(config(application(writer), "127.0.0.1", port)).run()
    keeping.stop()
    writer.stop()


def work(port: int) -> None:
    """Reads them. There is nothing to be asked of it, so it does not listen."""
    share()
    registry.every()
    settle()
    workers, told = Workers(*WORKING, *expansions()), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    workers.start()
    told.wait()
    workers.stop()


{"ingest": ingest, "work": work}[sys.argv[1]](int(sys.argv[2]))
