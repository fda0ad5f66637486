"""Settings from outside: the only reader of the process environment.

A setting NAME is looked up as the variable NAME, then as a path in NAME_FILE (as container
secrets are given), then as a line ``NAME=value`` of ``settings.env`` in the data folder.
"""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path


class Misconfigured(Exception):
    """A setting holds what it cannot hold. The message names the setting."""


def data_folder() -> Path:
    """Where this installation keeps its databases and keys; made on first use, mode 0700."""
    given = os.environ.get("IDONETHIS_DATA")
    base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    folder = Path(given) if given else base / "idonethis"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def choose_data(folder: str) -> None:
    os.environ["IDONETHIS_DATA"] = folder


def choose_database(url: str) -> None:
    os.environ["DATABASE_URL"] = url


def set_default(name: str, value: str) -> None:
    """Decides a setting for this process, unless somebody outside has."""
    os.environ.setdefault(name, value)


def of_child(**more: str) -> dict[str, str]:
    """The environment of a program that we start: ours, and ``more``."""
    return {**os.environ, **more}


def text(name: str, default: str = "") -> str:
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return _file_settings().get(name, default)


@cache
def _file_settings() -> dict[str, str]:
    path = data_folder() / "settings.env"
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def address() -> str:
    """BASE_URL, else where this installation was last started."""
    return text("BASE_URL") or _read(data_folder() / "address") or "http://127.0.0.1:8000"


def keep_address(url: str) -> None:
    """For other commands on the same data folder, such as one that prints a hook address."""
    (data_folder() / "address").write_text(url)


def _read(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""


def boolean(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if value in ("", "1", "0", "true", "false", "yes", "no", "on", "off"):
        return default if value == "" else value in ("1", "true", "yes", "on")
    raise Misconfigured(f"{name}={value} is neither true nor false.")


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    if value.isdecimal():
        return int(value)
    raise Misconfigured(f"{name}={value} is not a whole number.")


def words(name: str) -> list[str]:
    """A list, separated by commas or spaces."""
    return text(name).replace(",", " ").split()


def kept_secret(name: str) -> str:
    """The setting NAME, or a random one made once and kept in the data folder, mode 0600."""
    return text(name) or _from_file(data_folder() / name.lower())


def is_kept(name: str) -> bool:
    """Whether it is given, or was made before."""
    return bool(text(name) or _read(data_folder() / name.lower()))


def keep_secret(name: str, value: str) -> None:
    """In place of what was kept under this name."""
    path = data_folder() / name.lower()
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(value)


def keep_setting(name: str, value: str) -> None:
    """As a line of settings.env, which counts from the next start on."""
    with (data_folder() / "settings.env").open("a") as file:
        file.write(f"\n{name}={value}\n")


def forget_secret(name: str) -> None:
    """What was kept under this name has served; the next one asked for is another."""
    (data_folder() / name.lower()).unlink(missing_ok=True)


def _from_file(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
