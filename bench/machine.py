"""On what all of it was measured."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.sums import rounded

SYNCS = 100
PAGE = bytes(4096)


def machine(folder: Path) -> dict[str, Any]:
    return {
        "cpu": cpu(),
        "cores": os.cpu_count(),
        "ram_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "fsync_ms": fsync_ms(folder),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": postgresql(),
        "at": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def cpu() -> str:
    """As the kernel calls it; some machines have no name for theirs."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def fsync_ms(folder: Path) -> float:
    """Of a page that was appended: the median, on the disk that everything is measured on."""
    took = []
    with (folder / "synced").open("ab", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(PAGE)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return rounded(median(took) * 1000)


def postgresql() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        return ""
    said = subprocess.check_output([str(found[-1]), "--version"], text=True)
    return said.split()[2]


def has(program: str) -> bool:
    return shutil.which(program) is not None or Path(f"/usr/sbin/{program}").exists()
