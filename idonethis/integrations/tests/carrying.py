"""Carriers in a process of their own: ``python -m idonethis.integrations.tests.carrying``, with the
address of a turnstile and the names of the databases of a test."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.db import connections

django.setup()

from idonethis import env  # noqa: E402
from idonethis.background import OUTBOX  # noqa: E402
from idonethis.integrations import registry  # noqa: E402
from idonethis.integrations.models import Delivery  # noqa: E402
from idonethis.integrations.paces import Each, Pace  # noqa: E402
from idonethis.integrations.tests.turnstile import Turnstile  # noqa: E402
from idonethis.server import Workers  # noqa: E402

#: What all carriers together may send it.
PACE = Pace(40, each=Each.APPLICATION)


@contextmanager
def carrying(
    url: str, *, carriers: int = 2, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Such a process, until it is no longer needed."""
    names = {each: str(connections[each].settings_dict["NAME"]) for each in settings.DATABASES}
    command = [sys.executable, "-m", __name__, url, json.dumps(names), str(carriers)]
    said = env.of_child(DJANGO_SETTINGS_MODULE="tests.settings", **environment)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env=said)
    try:
        yield process
    finally:
        process.communicate(timeout=30)


def carry(url: str, names: str, carriers: str) -> None:
    for alias, name in json.loads(names).items():
        connections[alias].settings_dict["NAME"] = name
    settings.PACED, partners = True, {"turnstile": Turnstile(url, PACE)}
    registry.integrations = lambda: partners
    workers = Workers(*[(OUTBOX, Delivery.drain)] * int(carriers))
    workers.start()
    sys.stdin.read()
    workers.stop()


if __name__ == "__main__":
    carry(*sys.argv[1:])
