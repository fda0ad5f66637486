from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from idonethis_cli import places


@contextmanager
def alone(name: str, *, within: float) -> Iterator[bool]:
    """Whether nobody else does this at the same time. The system lets go of it when a process ends,
    however it ends."""
    folder = places.settings()
    os.makedirs(folder, mode=0o700, exist_ok=True)
    opened = os.open(os.path.join(folder, f"{name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _locked(opened, time.monotonic() + within)
    finally:
        os.close(opened)


def _locked(opened: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
