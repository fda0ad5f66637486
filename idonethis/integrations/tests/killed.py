"""A real death in the middle of something."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from django.db import connection, connections

from idonethis.alone import other_sessions

#: For so long the last statement of a dead process is waited for, in seconds.
PATIENCE = 5.0


def killed(work: Callable[[], object], *, once: Callable[[], bool]) -> bool:
    """Does this in a process of its own, which gets SIGKILL once something is so. Returns whether
    it was still at it."""
    connections.close_all()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            work()
        os._exit(0)
    while not (over := os.waitpid(child, os.WNOHANG)[0]) and not once():
        time.sleep(0.002)
    if not over:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _wait_for_its_sessions()
    return not over


def _wait_for_its_sessions() -> None:
    """PostgreSQL goes on with what it was told last, and holds the locks of the dead until then."""
    if connection.vendor != "postgresql":
        return
    until = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while other_sessions(cursor) and time.monotonic() < until:
            time.sleep(0.01)
