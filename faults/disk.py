"""A disk that can be filled and freed."""

from __future__ import annotations

import os
import resource
import subprocess
from pathlib import Path
from typing import Protocol

#: Of a small disk, in megabytes: a private PostgreSQL with its log alone takes more than a hundred.
SIZE = 256
CHUNK = 1024 * 1024


class Disk(Protocol):
    def fill(self, pid: int) -> None:
        """From now on the server with this process number can write no further."""
        ...

    def free(self, pid: int) -> None: ...

    def close(self) -> None: ...


class SmallDisk:
    """A file system of its own in memory, with a ballast file in it."""

    def __init__(self, place: Path) -> None:
        """Raises CalledProcessError where nobody may mount anything."""
        self.place = place
        place.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(place)]
        subprocess.run(mount, check=True, capture_output=True)
        self._ballast = place / "ballast"

    def fill(self, pid: int) -> None:
        with self._ballast.open("ab", buffering=0) as file:
            for size in (CHUNK, 4096, 1):
                while _written(file.fileno(), size):
                    pass

    def free(self, pid: int) -> None:
        self._ballast.unlink()

    def close(self) -> None:
        subprocess.run(["umount", "-l", str(self.place)], check=True)


def _written(descriptor: int, size: int) -> bool:
    try:
        return os.write(descriptor, bytes(size)) == size
    except OSError:
        return False


class CappedFiles:
    """Where nobody may mount anything: no file of the server may grow beyond its largest one."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def fill(self, pid: int) -> None:
        largest = max(file.stat().st_size for file in self.data.glob("*.sqlite3*"))
        self._cap(pid, largest)

    def free(self, pid: int) -> None:
        self._cap(pid, resource.RLIM_INFINITY)

    def _cap(self, pid: int, size: int) -> None:
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size if size > 0 else most, most))

    def close(self) -> None:
        """Nothing is left."""
