"""What must be there before a process serves."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from idonethis import memory
from idonethis.schema import bring_up_to_date


def prepare() -> None:
    """Brings the databases to this version."""
    os.umask(0o077)
    memory.share()
    bring_up_to_date()


def collect_static_files() -> None:
    """Only what has changed since the last start: hashing and packing takes most of a second."""
    folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    seen = "\n".join(f"{path} {path.stat().st_mtime_ns}" for path in files)
    stamp = settings.STATIC_ROOT / "collected"
    if not stamp.exists() or stamp.read_text() != seen:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(seen)
