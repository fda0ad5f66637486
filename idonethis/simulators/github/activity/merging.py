"""The three ways to merge, as commits on the base branch.

Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
"""

from __future__ import annotations

from ...params import BadParam
from ...store import Record
from ..commits import GITHUB_ITSELF, new_commit, signature
from .scene import Scene


def merged_commits(scene: Scene, pull: Record, method: str) -> list[Record]:
    """What arrives on the base branch; the last one is the pull request's merge commit."""
    ways = {"merge": merge, "squash": squash, "rebase": rebase}
    if method not in ways:
        raise BadParam(f"method is one of {', '.join(ways)}; nothing was changed")
    return ways[method](scene, pull)


def merge(scene: Scene, pull: Record) -> list[Record]:
    """The commits as they are, and a merge commit by whoever merges."""
    branch = f"{scene.repository['owner']}/{pull['head_ref']}"
    subject = f"Merge pull request #{pull['number']} from {branch}"
    return [*pull["commits"], by_github(scene, f"{subject}\n\n{pull['title']}", scene.actor)]


def squash(scene: Scene, pull: Record) -> list[Record]:
    """One commit by the author of the pull request, with the other messages in its body."""
    author = scene.world.accounts[pull["user"]]
    body = "\n\n".join(f"* {commit['message']}" for commit in pull["commits"])
    return [by_github(scene, f"{pull['title']} (#{pull['number']})\n\n{body}", author)]


def rebase(scene: Scene, pull: Record) -> list[Record]:
    """Each commit written anew: same author and message, new id, committed by the merger."""
    now, merger = scene.world.store.now(), signature(scene.actor)
    return [
        new_commit(commit["message"], commit["author"], committer=merger, now=now)
        for commit in pull["commits"]
    ]


def by_github(scene: Scene, message: str, author: Record) -> Record:
    now = scene.world.store.now()
    return new_commit(message, signature(author), committer=GITHUB_ITSELF, now=now)
