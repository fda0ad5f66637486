"""The one file of a backup: a tar, so that it can be opened with what every system has."""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from idonethis.backups.manifest import FORMAT, NAME, BadBackup, Manifest

#: At least this is read at once, in bytes.
CHUNK = 1024 * 1024


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A folder for parts, readable for its owner alone, that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".idonethis-", dir=folder) as made:
        yield Path(made)


def write(path: Path, manifest: Manifest, parts: Path) -> None:
    """Whole or not at all, mode 0600, and on the disk when it returns."""
    unfinished = parts / "archive"
    with _new(unfinished) as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            _add(tar, NAME, manifest.text)
            for name in manifest.files:
                tar.add(parts / name, arcname=name, filter=_for_owner)
                (parts / name).unlink()
        file.flush()
        os.fsync(file.fileno())
    verify(unfinished)
    unfinished.rename(path)


def _new(path: Path) -> BinaryIO:
    """Nobody else may read it, from its first byte on."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _for_owner(about: tarfile.TarInfo) -> tarfile.TarInfo:
    about.mode, about.uid, about.gid, about.uname, about.gname = 0o600, 0, 0, "", ""
    return about


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(content)
    tar.addfile(_for_owner(about), BytesIO(content))


def verify(path: Path) -> Manifest:
    """Reads all of it. Raises BadBackup unless everything is there as it was written."""
    with _opened(path) as tar:
        manifest = _manifest(tar)
        for name, expected in manifest.files.items():
            if _sha256(tar, name) != expected:
                raise BadBackup(f"{name} in it is not as it was written: the file is damaged.")
    return manifest


def unpack(path: Path, folder: Path, *, names: Iterable[str]) -> None:
    with _opened(path) as tar:
        for name in names:
            with (
                _member(tar, name) as source,
                _new(folder / name) as file,
            ):
                shutil.copyfileobj(source, file, CHUNK)
                file.flush()
                os.fsync(file.fileno())


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except OSError as problem:
        raise BadBackup(f"It cannot be read: {problem.strerror or problem}.") from problem
    except tarfile.TarError as problem:
        raise BadBackup("It is no backup of ours, or was cut off.") from problem


def _manifest(tar: tarfile.TarFile) -> Manifest:
    with _member(tar, NAME) as file:
        manifest = Manifest.parse(file.read())
    if manifest.format > FORMAT:
        raise BadBackup(f"Version {manifest.version} made it, which is newer than this one.")
    return manifest


def _member(tar: tarfile.TarFile, name: str) -> Any:
    try:
        member = tar.extractfile(name)
    except KeyError:
        member = None
    if member is None:
        raise BadBackup(f"It holds no {name}: it is no backup of ours, or was cut off.")
    return member


def _sha256(tar: tarfile.TarFile, name: str) -> str:
    with _member(tar, name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
