"""Files of the archive: compressed lines of JSON, of one day each, that are never changed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import orjson
import zstandard

from idonethis.integrations.keeping.lines import lines_of
from idonethis.integrations.models.bygone import Bygone
from idonethis.integrations.models.receipt import Receipt

#: So many receipts are made into lines at once.
AT_ONCE = 10
#: A file ends once its lines are that long, in bytes.
LARGE = 64 * 1024 * 1024
#: In what a file is written before it has its name.
UNFINISHED = ".unfinished"


class Damaged(Exception):
    """A file of the archive is not there, or not as it was written. The message is for people."""


class Archived(NamedTuple):
    """What a file says of a receipt that decides whether it is the same."""

    pk: int
    outcome: str
    entry: str


def write(folder: Path, day: date, receipts: Sequence[int]) -> Bygone:
    """A file with these, or the first of these, on the disk and whole. Raises OSError, and then
    there is none. One that was written before, by who died right after, is taken for ours."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f"receipts-{day:%Y-%m-%d}-{receipts[0]:012}{UNFINISHED}"
    count, digest = _write(unfinished, receipts)
    path = _free_name(unfinished, digest)
    unfinished.rename(path)
    _sync(folder)
    size, file = path.stat().st_size, str(path.resolve())
    return Bygone(day=day, file=file, receipts=count, size=size, digest=digest)


def _write(path: Path, receipts: Sequence[int]) -> tuple[int, str]:
    """How many lines, and their SHA-256."""
    digest, count, length = hashlib.sha256(), 0, 0
    compressor = zstandard.ZstdCompressor(level=9, write_checksum=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        with compressor.stream_writer(file, closefd=False) as packed:
            for lines in _portions(receipts):
                for line in lines:
                    packed.write(line)
                    digest.update(line)
                    count, length = count + 1, length + len(line)
                if length > LARGE:
                    break
        file.flush()
        os.fsync(file.fileno())
    return count, digest.hexdigest()


def _portions(receipts: Sequence[int]) -> Iterator[Iterable[bytes]]:
    """Rests as long as it has worked: the same process takes hooks."""
    for start in range(0, len(receipts), AT_ONCE):
        began = time.perf_counter()
        rows = Receipt.objects.filter(pk__in=receipts[start : start + AT_ONCE])
        yield lines_of(rows.order_by("pk"))
        time.sleep(time.perf_counter() - began)


def _free_name(unfinished: Path, digest: str) -> Path:
    """Nothing that has a name is ever replaced, but by the same."""
    number = 1
    while True:
        ending = f"-{number}" if number > 1 else ""
        path = unfinished.with_name(f"{unfinished.stem}{ending}.jsonl.zst")
        if not path.exists() or _digest(path) == digest:
            return path
        number += 1


def _sync(folder: Path) -> None:
    """A new name is on the disk when its folder is. https://man7.org/linux/man-pages/man2/fsync.2.html"""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> Iterator[bytes]:
    """The lines of a file. Raises Damaged."""
    try:
        with path.open("rb") as file:
            reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
            yield from _lines(reader)
    except OSError as problem:
        raise Damaged(f"{path} cannot be read: {problem.strerror or problem}.") from problem
    except zstandard.ZstdError as problem:
        raise Damaged(f"{path} is not as it was written.") from problem


def _lines(reader: zstandard.ZstdDecompressionReader) -> Iterator[bytes]:
    rest = b""
    while chunk := reader.read(1024 * 1024):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line + b"\n" for line in whole)
    if rest:
        yield rest


def _digest(path: Path) -> str:
    """Empty for what is no whole file of ours."""
    digest = hashlib.sha256()
    try:
        for line in read(path):
            digest.update(line)
    except Damaged:
        return ""
    return digest.hexdigest()


def verified(bygone: Bygone) -> list[Archived]:
    """Reads all of the file back. Raises Damaged unless everything is there as it was written."""
    found, digest = [], hashlib.sha256()
    for line in read(Path(bygone.file)):
        digest.update(line)
        said = orjson.loads(line)
        found.append(Archived(said["receipt"], said["outcome"], said["entry"]))
    if (len(found), digest.hexdigest()) != (bygone.receipts, bygone.digest):
        raise Damaged(f"{bygone.file} is not as it was written.")
    return found
