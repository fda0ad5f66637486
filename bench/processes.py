"""Programs beside this one: each contestant on the first core, and what loads it on the last."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.site import listens

FIRST_CORE, LAST_CORE = "0", str((os.cpu_count() or 1) - 1)
#: How long one may take to listen, and to end, in seconds.
PATIENCE = 60
#: What the benchmark sends at once would be a storm to everybody else.
CALM = {
    "STORM_LIMIT": "0",
    "HOOK_RATE": "0",
    "LOG_LEVEL": "ERROR",
    "BASE_URL": "http://127.0.0.1:8000",
}


@dataclass(frozen=True)
class Served:
    pid: int
    url: str

    @property
    def rss_mb(self) -> float:
        """Of this process alone, as the kernel counts it."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        ((_, kilobytes, _),) = [line.split() for line in lines if line.startswith("VmRSS")]
        return round(int(kilobytes) / 1024, 1)


def python(*words: object) -> list[str]:
    return [sys.executable, "-m", *map(str, words)]


def environment(**more: str) -> dict[str, str]:
    """Ours, without the database that somebody may have named."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, **CALM, **more}


def pinned(command: Sequence[str], core: str = FIRST_CORE) -> list[str]:
    return ["taskset", "-c", core, *command]


@contextmanager
def everywhere() -> Iterator[None]:
    """What is started meanwhile may run on any core."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)


@contextmanager
def running(command: Sequence[str], env: Mapping[str, str], **more: Any) -> Iterator[Any]:
    """Told to end afterwards, as an operator would."""
    command, quiet = pinned(command, **more), {"stdout": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environment(**env), **quiet)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def served(
    command: Sequence[str], path: str, *, port: int, env: Mapping[str, str], core: str = FIRST_CORE
) -> Iterator[Served]:
    """A server that answers on this port."""
    with running(command, env, core=core) as process:
        if not listens(port, process, within=PATIENCE):
            raise SystemExit(f"Nothing answers on port {port}: {' '.join(command)}")
        yield Served(process.pid, f"http://127.0.0.1:{port}{path}")
