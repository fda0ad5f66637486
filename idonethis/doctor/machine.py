"""The machine: its disk, its clock, who may read our files."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from idonethis.checkpoints import careful, is_faulty
from idonethis.doctor.finding import Finding, bad, ok, warn

#: Free space in bytes below which it is time to act, and below which hooks will soon be refused.
LITTLE, NEXT_TO_NONE = 1024**3, 100 * 1024**2
#: By how many seconds the clock of the disk may differ from ours.
SKEW = 5.0
#: What others must not read, besides the databases.
KEYS = ("secret_key", "encryption_key", "settings.env")


def disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA).free
    says = f"{free / 1024**3:.1f} GB are free where the data is."
    fix = f"Make room on the disk that holds {settings.DATA}."
    if free < NEXT_TO_NONE:
        yield bad("Disk", says, fix=fix)
    elif free < LITTLE:
        yield warn("Disk", says, fix=fix)
    else:
        yield ok("Disk", says)


def clock() -> Iterator[Finding]:
    """A data folder that lies on another machine shows by its clock."""
    with tempfile.NamedTemporaryFile(dir=settings.DATA) as touched:
        skew = abs(Path(touched.name).stat().st_mtime - time.time())
    if skew > SKEW:
        says = f"The disk's clock and this machine's differ by {skew:.0f} seconds."
        yield warn("Clock", says, fix="Set the clock by NTP, and keep the data on a local disk.")
    else:
        yield ok("Clock", "It agrees with the disk.")


def files() -> Iterator[Finding]:
    """Whoever reads the key and the database reads everybody's tokens."""
    wide = [(path, mode) for path, mode in _modes() if _mode(path) & 0o077]
    for path, mode in wide:
        says = f"Others on this machine may open {path} ({_mode(path):o})."
        yield bad("Files", says, fix=f"chmod {mode:o} {path}")
    if not wide:
        yield ok("Files", f"{settings.DATA} and the keys are for their owner alone.")


def _modes() -> Iterator[tuple[Path, int]]:
    yield settings.DATA, 0o700
    databases = [path.name for path in settings.DATA.glob("*.sqlite3")]
    for name in (*KEYS, *sorted(databases)):
        if (settings.DATA / name).exists():
            yield settings.DATA / name, 0o600


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def sqlite() -> Iterator[Finding]:
    if settings.INBOX != "inbox":
        return
    warnings = careful(databases=settings.DATABASES)
    for warning in warnings:
        yield warn("SQLite", str(warning.msg), fix=str(warning.hint))
    if not warnings:
        old = is_faulty(sqlite3.sqlite_version_info)
        how = (
            ": checkpoints are made by the server alone, so its old fault cannot occur"
            if old
            else ""
        )
        yield ok("SQLite", f"Version {sqlite3.sqlite_version}{how}.")
