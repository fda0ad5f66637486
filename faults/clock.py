"""A clock that can be put forward for the processes that are tested, and for nobody else.

libfaketime answers in the place of the system when a process asks for the time, so that nothing in
the product is patched: https://github.com/wolfcw/libfaketime. Waits go by the monotonic clock,
which stays what it is; leases, backoffs and lifetimes go by this one."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

#: How often a process looks whether it was put forward, in seconds.
LOOKS = 1


class Clock:
    def __init__(self, file: Path) -> None:
        self._file = file
        self.ahead = 0.0
        self._set()

    def _set(self) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{self.ahead:+.0f}")
        draft.replace(self._file)

    def forward(self, seconds: float) -> None:
        """Returns when everybody has noticed."""
        self.ahead += seconds
        self._set()
        time.sleep(1.5 * LOOKS)

    def now(self) -> float:
        return time.time() + self.ahead

    @property
    def env(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": str(LOOKS),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Its cure for old versions of glibc lets a thread wait ten times longer for its turn.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            "NO_FAKE_STAT": "1",
        }


def library() -> Path:
    """Raises ModuleNotFoundError where libfaketime is not installed."""
    found = importlib.util.find_spec("libfaketime")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("libfaketime")
    return next(Path(found.origin).parent.rglob("libfaketime.so.1"))
