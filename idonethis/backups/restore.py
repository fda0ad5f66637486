"""The way back: everything as it was when the backup was made, and nothing goes out of it until a
person says so."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from idonethis import env
from idonethis.accounts.models import User
from idonethis.alone import RESTORING, replacing
from idonethis.backups import archive, postgres, sqlite
from idonethis.backups.aftermath import Aftermath
from idonethis.backups.backup import DUMP, KEYS
from idonethis.backups.manifest import BadBackup, Manifest, difference
from idonethis.integrations import secrets
from idonethis.integrations.models import Receipt
from idonethis.schema import bring_up_to_date

KEY_IS_MISSING = (
    "Its secrets were encrypted with a key that this server does not have. Put the file "
    "encryption_key of the old data folder into this one, or set ENCRYPTION_KEY. If the key is "
    "lost, --without-key restores all the rest: then tools have to be connected again, senders "
    "need new secrets, and two-factor sign-in has to be set up anew."
)


@dataclass(frozen=True)
class Restore:
    """``over``: what is there may be replaced. ``without_key``: what was encrypted may be lost."""

    path: Path
    over: bool = False
    without_key: bool = False

    def run(self) -> Aftermath:
        """Raises BadBackup or AlreadyRunning, and then nothing has changed."""
        manifest = archive.verify(self.path)
        self._refuse_misfit(manifest)
        with replacing():
            self._refuse_data()
            self._replace(manifest)
            if _brings_keys(manifest):
                self._bring_keys()
            bring_up_to_date()
            return Aftermath.settle(manifest)

    def _refuse_misfit(self, manifest: Manifest) -> None:
        if manifest.database != connection.vendor:
            raise BadBackup(
                f"It was made on {manifest.database}, and this server runs on {connection.vendor}. "
                "DATABASE_URL decides which."
            )
        if unknown := manifest.unknown_migrations:
            raise BadBackup(
                f"Version {manifest.version} made it, which is newer than this one: {unknown[0]} "
                "is unknown here. Install that version first."
            )
        writing = manifest.encryption_keys[0]
        if not (self.without_key or _brings_keys(manifest) or writing in secrets.key_ids()):
            raise BadBackup(KEY_IS_MISSING)

    def _refuse_data(self) -> None:
        if not self.over and _has_data():
            raise BadBackup(
                "There is data here already. Give --over to replace all of it, or --data for "
                "another folder."
            )

    def _replace(self, manifest: Manifest) -> None:
        if manifest.database == "sqlite":
            _replace_files(self.path, manifest)
        else:
            _replace_database(self.path, manifest)

    def _bring_keys(self) -> None:
        with archive.workshop(settings.DATA) as parts:
            archive.unpack(self.path, parts, names=KEYS)
            found = {name: (parts / name).read_text() for name in KEYS}
        env.keep_secret("SECRET_KEY", found["secret_key"])
        env.keep_secret("ENCRYPTION_KEY", found["encryption_key"])
        if old := found["old_encryption_keys"]:
            env.keep_setting("OLD_ENCRYPTION_KEYS", old)
        settings.ENCRYPTION_KEYS = [found["encryption_key"], *old.split()]


def _brings_keys(manifest: Manifest) -> bool:
    """Its keys are put in place, unless an operator has decided on one outside."""
    return manifest.with_keys and not env.text("ENCRYPTION_KEY")


def _has_data() -> bool:
    """Somebody's: the tables alone are none."""
    for model in (User, Receipt):
        tables = connections[model.objects.db].introspection.table_names()
        if model._meta.db_table in tables and model.objects.exists():
            return True
    return False


def _replace_files(path: Path, manifest: Manifest) -> None:
    """Laid out beside what is there and looked at; only then moved to its place. Whoever dies in
    between leaves the folder, and no server starts before the restore has been run again."""
    folder = settings.DATA / RESTORING
    shutil.rmtree(folder, ignore_errors=True)
    names = [Path(database["NAME"]).name for database in settings.DATABASES.values()]
    folder.mkdir(mode=0o700)
    try:
        archive.unpack(path, folder, names=names)
        _examine_files([folder / name for name in names], manifest)
    except BaseException:
        shutil.rmtree(folder)
        raise
    connections.close_all()
    for name in names:
        for rest in ("-wal", "-shm"):
            (settings.DATA / f"{name}{rest}").unlink(missing_ok=True)
        (folder / name).replace(settings.DATA / name)
    folder.rmdir()


def _examine_files(paths: Sequence[Path], manifest: Manifest) -> None:
    found: dict[str, int] = {}
    try:
        for path in paths:
            found |= {f"{path.stem}.{name}": rows for name, rows in sqlite.examine(path).items()}
    except sqlite3.DatabaseError as problem:
        raise BadBackup(
            f"A database in it is damaged: {problem}. Nothing was changed."
        ) from problem
    _refuse_incomplete(manifest, found)


def _replace_database(path: Path, manifest: Manifest) -> None:
    with archive.workshop(settings.DATA) as parts:
        archive.unpack(path, parts, names=[DUMP])
        try:
            _refuse_incomplete(manifest, postgres.examine(parts / DUMP))
            postgres.load(parts / DUMP)
        except postgres.ProgramFailed as problem:
            raise BadBackup(f"{problem} Nothing was changed.") from problem


def _refuse_incomplete(manifest: Manifest, found: dict[str, int]) -> None:
    if wrong := difference(manifest.counts, found):
        raise BadBackup(f"It is not whole: {wrong}. Nothing was changed.")
