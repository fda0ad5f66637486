"""An export as it was packed. Nothing of it is unpacked onto a disk: the one file that an import
needs is read, and no more of it than is taken."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from idonethis.porting.brought import Unreadable

LOG = "log.jsonl"
#: Of other kinds of packing a small piece may become all that the machine holds, at once.
_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


def unpacked(content: bytes, *, most: int) -> bytes:
    """What is no .zip stays as it is. Raises Unreadable, of more than ``most`` bytes too."""
    if not content.startswith(b"PK\x03\x04"):
        return content
    found = _log(content, most + 1)
    if len(found) > most:
        raise Unreadable(f"Unpacked, {LOG} has more than {most:,} bytes.")
    return found


def _log(content: bytes, most: int) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            info = packed.getinfo(LOG)
            if info.compress_type not in _BOUNDED:
                raise Unreadable(f"{LOG} is packed in a way that is not read here: unpack it.")
            with packed.open(info) as file:
                return file.read(most)
    except KeyError as problem:
        raise Unreadable(f"There is no {LOG} in it, as there is in an export.") from problem
    except _BROKEN as problem:
        raise Unreadable(f"It is no whole .zip: {problem}.") from problem
