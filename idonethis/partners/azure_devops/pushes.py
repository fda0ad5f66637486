"""Pushes: what one person brings to a branch in a day is one entry that grows.

https://learn.microsoft.com/azure/devops/service-hooks/events#code-pushed"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import (
    Detail,
    Event,
    Growing,
    Ignored,
    Reason,
    instant,
    line,
    record,
    records,
)
from idonethis.partners.azure_devops.payload import Payload

#: What git and Azure DevOps write when they merge: the merge is not work of its own.
MERGES = ("Merged PR ", "Merge pull request ", "Merge branch ", "Merge remote-tracking branch ")
#: Far more than a push holds.
MOST = 1_000


def push(payload: Payload) -> Iterator[Event]:
    """Whose push it was decides, never whom the commits name as their author: that is a text which
    anybody can set."""
    update = _update(payload)
    work = [each for each in _commits(payload, update) if not _text(each).startswith(MERGES)]
    if not line(update.get("name")).startswith("refs/heads/"):
        yield Ignored(Reason.FILTERED, "Only pushes to branches make entries.")
    elif not line(update.get("newObjectId")).strip("0"):
        yield Ignored(Reason.FILTERED, "The push deletes a branch.")
    elif not work:
        yield Ignored(Reason.FILTERED, "The push brings no new work.")
    else:
        yield _growing(payload, update, work)


def _update(payload: Payload) -> Mapping[str, Any]:
    """The commits of a push to several branches are not told apart: they count for the default
    branch, if it is one of them, else for the first."""
    updates = records(payload.resource.get("refUpdates"))[:MOST] or [{}]
    default = payload.repository.get("defaultBranch")
    return next((each for each in updates if each.get("name") == default), updates[0])


def _commits(payload: Payload, update: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """In the order in which they were made; Azure DevOps begins with the latest."""
    commits = records(payload.resource.get("commits"))[:MOST]
    begins = bool(commits) and commits[0].get("commitId") == update.get("newObjectId")
    return commits[::-1] if begins else commits


def _growing(payload: Payload, update: Mapping[str, Any], work: list[Mapping[str, Any]]) -> Growing:
    name, tip = line(update.get("name")), line(update.get("newObjectId"))
    branch = name.removeprefix("refs/heads/")
    return Growing(
        body=f"Pushed {{count}} commit{{s}} to {branch} of {payload.place}"[:400],
        key=f"push:{line(payload.repository.get('id'))}:{branch}",
        url=_page(payload, tip),
        occurred_at=instant(payload.resource.get("date")),
        actor=payload.person(payload.resource.get("pushedBy")),
        details=tuple(_detail(payload, commit) for commit in work),
        batch=f"commit:{tip}",
        place=branch,
        aside=name != line(payload.repository.get("defaultBranch")),
    )


def _page(payload: Payload, commit: str) -> str:
    return f"{payload.web_url}/commit/{commit}" if payload.web_url else ""


def _detail(payload: Payload, commit: Mapping[str, Any]) -> Detail:
    sha = line(commit.get("commitId"))[:64]
    return Detail(
        key=f"commit:{sha}",
        text=line(_text(commit)) or "A commit without a message",
        url=_page(payload, sha),
        alike=_likeness(payload, commit),
    )


def _text(commit: Mapping[str, Any]) -> str:
    comment = commit.get("comment")
    return comment if isinstance(comment, str) else ""


def _likeness(payload: Payload, commit: Mapping[str, Any]) -> str:
    """The same for a commit and for what a rebase makes of it: author and message stay."""
    author = line(record(commit.get("author")).get("email"))
    work = f"{line(payload.repository.get('id'))}\0{author}\0{_text(commit).rstrip()}"
    return hashlib.sha256(work.encode(errors="replace")).hexdigest()
