from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from idonethis import __version__, schema

FORMAT = 1
NAME = "manifest.json"


class BadBackup(Exception):
    """It cannot be restored. The message says why, to people."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. ``counts`` are rows by table, ``files`` SHA-256 sums by name,
    ``encryption_keys`` the ids of the keys with which its secrets were encrypted."""

    database: str
    made_at: str
    migrations: list[str]
    counts: dict[str, int]
    files: dict[str, str]
    encryption_keys: list[str]
    version: str = __version__
    format: int = FORMAT
    with_keys: bool = field(default=False)

    @classmethod
    def parse(cls, text: bytes) -> Manifest:
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError) as problem:
            raise BadBackup(
                "Its manifest cannot be read, so it is not a backup of ours."
            ) from problem

    @property
    def text(self) -> bytes:
        return json.dumps(asdict(self), indent=2).encode()

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def unknown_migrations(self) -> list[str]:
        """What a newer version than this one has done to the tables."""
        return schema.unknown(self.migrations)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def difference(expected: Mapping[str, int], found: Mapping[str, int]) -> str:
    """The first table whose rows are not as many as they should be, for people; empty if none."""
    for table, count in expected.items():
        if found.get(table) != count:
            return f"{table} has {found.get(table, 'no')} rows instead of {count}"
    return ""
