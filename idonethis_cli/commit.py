"""What a commit costs its author: reading two lines and writing one file. Runs without the site's
packages, and loads next to nothing."""

from __future__ import annotations

import os
import sys
import time

from idonethis_cli import places, storing

#: Of ``git log``: what brought it about, its id, where it stands, by whom, when, what it says.
FORMAT = "%gs%n%h%n%D%n%ae%n%at%n%s"
#: They write anew what was written before.
AGAIN = ("commit (amend)", "rebase")


def main(repository: str, server: str, team: str, *branches: str) -> None:
    said = sys.stdin.buffer.read().decode("utf-8", "replace").split("\n")
    if len(said) < 6 or said[0].startswith(AGAIN):
        return
    _, sha, where, author, moment, subject = said[:6]
    branch = _branch(where)
    if not subject.strip() or not any(_fits(branch, each) for each in branches):
        return
    fields = {"kind": "done", "day": time.strftime("%Y-%m-%d"), "server": server, "team": team}
    # A commit that is picked onto another branch keeps all of these.
    fields["change"] = f"{repository} {author} {moment} {subject}"
    place = f"{repository} {sha}, {branch}" if branch else f"{repository} {sha}"
    text = f"{subject} ({place})"
    storing.put(places.outbox("waiting"), storing.new_name(), fields, text)


def _branch(where: str) -> str:
    """Empty where no branch is checked out, as in the middle of a rebase."""
    first = where.split(", ")[0]
    return first.removeprefix("HEAD -> refs/heads/") if " -> " in first else ""


def _fits(branch: str, wanted: str) -> bool:
    """As in ``release/*``; a module for this would take longer than all the rest."""
    if wanted.endswith("*"):
        return branch.startswith(wanted[:-1])
    return bool(branch) and branch == wanted


def run() -> None:
    """Never keeps a commit from being made, whatever happens."""
    try:
        main(*sys.argv[1:])
    except Exception as problem:
        print(f"did: this commit is not logged: {problem}", file=sys.stderr)
    sys.stdout.flush()
    os._exit(0)
