"""Data folders that are made once, and copied for each test that begins with one: databases take as
long to make as most tests take."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.site import Site

PASSWORDS = {"ada": "difference-engine", "grace": "compiler-of-cobol"}
MIGRATE = "import django; django.setup(); from idonethis import schema; schema.bring_up_to_date()"


def a_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="idonethis-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def empty() -> Path:
    """As the first start makes it."""
    data = a_folder()
    own = {"DJANGO_SETTINGS_MODULE": "idonethis.settings", "IDONETHIS_DATA": str(data)}
    subprocess.run([sys.executable, "-c", MIGRATE], env=os.environ | own, check=True)
    return data


@cache
def engines() -> Path:
    """With the team Engines, which Ada and Grace administer."""
    site = install(Site(a_folder() / "data"))
    site.run("team", "add", "Engines")
    for name, password in PASSWORDS.items():
        email = f"{name}@example.org"
        site.run("user", "add", email, "--name", name.title(), "--password", password)
        site.run("member", "add", "engines", email, "--role", "admin")
    return site.data


def install(site: Site, like: Path | None = None) -> Site:
    """With databases like those, and keys of its own."""
    site.data.mkdir(exist_ok=True)
    for file in (like or empty()).glob("*.sqlite3"):
        shutil.copy(file, site.data)
    return site
