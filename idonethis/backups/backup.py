"""Making a backup, while the server runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone

from idonethis import schema
from idonethis.backups import archive, postgres, sqlite
from idonethis.backups.manifest import (
    BadBackup,
    Manifest,
    difference,
    sha256,
)
from idonethis.backups.sqlite import Progress
from idonethis.integrations import secrets

DUMP = "database.dump"
#: The settings that encrypt and sign, as files of the data folder are named.
KEYS = ("secret_key", "encryption_key", "old_encryption_keys")


def back_up(path: Path, *, with_keys: bool, tell: Progress) -> Manifest:
    """Raises BadBackup, and then there is no file."""
    with archive.workshop(path.resolve().parent) as parts:
        migrations = sorted(schema.applied(connections["default"]))
        counts = _copy(parts, tell)
        if with_keys:
            _copy_keys(parts)
        manifest = Manifest(
            database=connections["default"].vendor,
            made_at=timezone.now().isoformat(),
            migrations=migrations,
            counts=counts,
            files={part.name: sha256(part) for part in sorted(parts.iterdir())},
            encryption_keys=secrets.key_ids(),
            with_keys=with_keys,
        )
        archive.write(path, manifest, parts)
    return manifest


def _copy(parts: Path, tell: Progress) -> dict[str, int]:
    try:
        if connections["default"].vendor == "sqlite":
            return _copy_sqlite(parts, tell)
        return _checked(postgres.dump(parts / DUMP), lambda: postgres.examine(parts / DUMP))
    except (sqlite3.DatabaseError, postgres.ProgramFailed) as problem:
        raise BadBackup(str(problem)) from problem


def _copy_sqlite(parts: Path, tell: Progress) -> dict[str, int]:
    """The inbox first: see the head of this package."""
    counts: dict[str, int] = {}
    for alias in ("inbox", "default"):
        source = Path(settings.DATABASES[alias]["NAME"])
        target = parts / source.name
        copied = sqlite.copy(source, target, tell=tell)
        _checked(copied, lambda target=target: sqlite.examine(target))  # type: ignore[misc]
        counts |= {f"{source.stem}.{table}": count for table, count in copied.items()}
    return counts


def _checked(counts: dict[str, int], examine: Callable[[], dict[str, int]]) -> dict[str, int]:
    """What was copied, once the copy itself says the same."""
    if wrong := difference(counts, examine()):
        raise BadBackup(f"The copy is not whole: {wrong}. Nothing was kept of it.")
    return counts


def _copy_keys(parts: Path) -> None:
    first, *old = settings.ENCRYPTION_KEYS
    for name, value in zip(KEYS, (settings.SECRET_KEY, first, " ".join(old)), strict=True):
        (parts / name).write_text(value)
