"""A note is a file: lines such as ``kind: done``, an empty one, and the text. It needs no module
that takes long to load, since commits wait for it."""

from __future__ import annotations

import os
import time

COUNTED = iter(range(1_000_000))


def new_name() -> str:
    """In the order in which they were written."""
    return f"{time.time_ns():020d}-{next(COUNTED):06d}-{os.urandom(8).hex()}"


def put(folder: str, name: str, fields: dict[str, str], text: str) -> None:
    """It is on the disk, whole, or not at all. Raises OSError."""
    lines = [f"{key}: {' '.join(value.split())}\n" for key, value in fields.items() if value]
    write(folder, name, f"{''.join(lines)}\n{text}".encode("utf-8", "replace"))


def write(folder: str, name: str, content: bytes) -> None:
    """Readable for its owner alone. It is on the disk, whole, or as it was. Raises OSError."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    unfinished = os.path.join(folder, f".{name}.{os.getpid()}")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(unfinished, os.path.join(folder, name))
    _settle(folder)


def _settle(folder: str) -> None:
    """A name is on the disk when its folder is: https://man7.org/linux/man-pages/man2/fsync.2.html"""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def names(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except FileNotFoundError:
        return []


def read(folder: str, name: str) -> tuple[dict[str, str], str] | None:
    """None where somebody else has just taken it away."""
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            head, _, text = file.read().partition("\n\n")
    except FileNotFoundError:
        return None
    lines = [line.partition(": ") for line in head.splitlines()]
    return {key: value for key, _, value in lines}, text


def drop(folder: str, name: str) -> None:
    try:
        os.unlink(os.path.join(folder, name))
    except FileNotFoundError:
        return
