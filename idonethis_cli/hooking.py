"""The hook of git: https://git-scm.com/docs/githooks#_post_commit"""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import sys

from idonethis_cli import asking, logins, project
from idonethis_cli.commit import FORMAT
from idonethis_cli.ending import Failed
from idonethis_cli.screen import as_json

EXECUTABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
BEGIN, END = "# >>> did: logs commits\n", "# <<< did\n"
SHELLS = ("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash", "#!/usr/bin/env sh", "#!/bin/dash")
EXAMPLES = """\
  did hook install                        asks for the branches
  did hook install --branches "main release/*"
  did hook remove"""


def main(name: str, words: list[str]) -> int:
    asked = asking.parser("did hook", "Logs the commits of a repository.", EXAMPLES)
    asked.add_argument("act", choices=["install", "remove"])
    asked.add_argument("--branches", default="", help="which, with * at the end of a name for more")
    asked.add_argument("--team", default="", help="its name or id")
    said = asked.parse_args(words)
    path = os.path.abspath(_git("rev-parse", "--git-path", "hooks/post-commit"))
    if said.act == "install":
        branches = said.branches.split() or _asked_for()
        told = _install(path, branches, said.team)
    else:
        told = _remove(path)
    if said.json:
        as_json({"hook": path, "says": told})
    else:
        print(told)
    return 0


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], capture_output=True, text=True, check=True)  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Failed("This folder is in no repository of git. Nothing was changed.") from problem
    return done.stdout.strip()


def _asked_for() -> list[str]:
    usual = _git("branch", "--show-current") or "main"
    if not sys.stdin.isatty():
        return [usual]
    return input(f"Commits on which branches? * is all of them. [{usual}] ").split() or [usual]


def _install(path: str, branches: list[str], team: str) -> str:
    before = _without(_read(path))
    if before and not before.startswith(SHELLS):
        raise Failed(f"{path} is not for the shell. Nothing was changed. Call this from it: did -")
    place = project.here()
    server = place.server or logins.usual()
    words = [_repository(), server, team or place.team, *branches]
    head, _, rest = (before or "#!/bin/sh\n").partition("\n")
    # First: whatever stands there may end by itself.
    _write(path, f"{head}\n{BEGIN}{_lines(words)}{END}{rest}")
    return (
        f"Commits on {' '.join(branches)} are logged with your next did. To end it: did hook remove"
    )


def _repository() -> str:
    """As it is known to all of its clones, where it has any."""
    try:
        url = _git("remote", "get-url", "origin")
    except Failed:
        url = _git("rev-parse", "--show-toplevel")
    return url.rstrip("/").removesuffix(".git").replace(":", "/").rpartition("/")[2]


def _lines(words: list[str]) -> str:
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    code = f"import sys; sys.path.append({home!r}); import idonethis_cli.commit as c; c.run()"
    asked = ["git", "log", "-1", "-g", "--decorate=full", "--no-show-signature", "--no-color"]
    reads = shlex.join([*asked, f"--format={FORMAT}"])
    writes = shlex.join([sys.executable, "-I", "-S", "-c", code, *words])
    return f"{reads} 2>/dev/null | {writes} || :\n"


def _remove(path: str) -> str:
    before = _read(path)
    if BEGIN not in before:
        raise Failed("There is no hook of did in this repository. Nothing was changed.")
    rest = _without(before)
    if rest.strip() in ("", *SHELLS):
        os.unlink(path)
    else:
        _write(path, rest)
    return "Commits are logged no more. What waits is still sent."


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def _without(text: str) -> str:
    before, begin, rest = text.partition(BEGIN)
    return before + rest.partition(END)[2] if begin else text


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.chmod(path, os.stat(path).st_mode | EXECUTABLE)
