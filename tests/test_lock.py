"""What is installed is what was locked: all that is asked for, by hash, from nowhere named."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = {
    "requirements.lock": PROJECT["dependencies"],
    "requirements-scale.lock": [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["scale"],
    ],
    "requirements-dev.lock": [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["dev"],
    ],
}
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; [^\\]+)? \\$")


def locked(name):
    """Hashes by name and version."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if pinned := PINNED.match(line):
            current = found.setdefault((pinned[1], pinned[2]), [])
        else:
            current.append(re.fullmatch(r"    --hash=(sha256:[0-9a-f]{64})(?: \\)?", line)[1])
    return found


def plain(requirement):
    name = re.match(r"[A-Za-z0-9._-]+", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_everything_that_is_asked_for_is_locked_by_hash(name):
    found = locked(name)
    missing = {plain(each) for each in LOCKS[name]} - {package for package, _ in found}
    assert missing == set(), "Run bin/lock."
    assert all(found.values())
    assert "://" not in (ROOT / name).read_text()


def test_all_agree_and_all_can_build_the_package():
    short, middle, long = map(locked, LOCKS)
    assert short.items() <= middle.items() <= long.items()
    assert {"hatchling", "editables"} <= {package for package, _ in short}


@pytest.mark.parametrize(("python", "is_locked"), [("3.11", True), ("3.14", True), ("3.15", False)])
def test_only_a_python_that_the_lock_knows_is_held_to_it(tmp_path, python, is_locked):
    """By a stand-in for Python that says which it is."""
    interpreter = tmp_path / ".venv" / "bin" / "python"
    interpreter.parent.mkdir(parents=True)
    major, minor = python.split(".")
    interpreter.write_text(
        f'#!/bin/sh\nexec python3 -c "import sys; sys.version_info = ({major}, {minor}); $2"\n'
    )
    interpreter.chmod(0o755)
    (tmp_path / "requirements.lock").write_text("")
    script = f". {ROOT}/bin/lib/venv.sh; is_locked requirements.lock"
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode == 0) == is_locked
    assert ("without hashes" in done.stdout) != is_locked
