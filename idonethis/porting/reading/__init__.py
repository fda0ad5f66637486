from __future__ import annotations

from idonethis.porting.brought import Read
from idonethis.porting.reading import archive, csv_file
from idonethis.porting.reading.packed import unpacked

__all__ = ["read", "unpacked"]


def read(content: bytes) -> Read:
    """A CSV or an archive, whichever it is. Raises Unreadable."""
    if archive.is_archive(content):
        return archive.Archive.of(content).read()
    return csv_file.read(content)
