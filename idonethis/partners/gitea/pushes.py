"""Pushes: what one person brings to a branch in a day is one entry that grows.

https://docs.gitea.com/usage/repository/webhooks#example"""

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
from idonethis.partners.gitea.payload import BOTS, Payload

#: What git and these servers write when they merge: the merge is not work of its own.
MERGES = ("Merge pull request ", "Merge branch ", "Merge remote-tracking branch ")
#: Far more than a server puts into a push.
MOST = 1_000


def push(payload: Payload) -> Iterator[Event]:
    """Whose push it was decides, never whom the commits name as their author: that is a text which
    anybody can set."""
    work = [each for each in _commits(payload) if not _message(each).startswith(MERGES)]
    if not line(payload.body.get("ref")).startswith("refs/heads/"):
        yield Ignored(Reason.FILTERED, "Only pushes to branches make entries, and this is a tag.")
    elif not line(payload.body.get("after")).strip("0"):
        yield Ignored(Reason.FILTERED, "The push deletes a branch.")
    elif not work:
        yield Ignored(Reason.FILTERED, "The push brings no new work.")
    else:
        yield _growing(payload, work)


def _commits(payload: Payload) -> list[Mapping[str, Any]]:
    """In the order in which they were made. Servers begin with the latest."""
    commits = records(payload.body.get("commits"))[:MOST]
    latest = line(payload.body.get("after"))
    begins = bool(commits) and line(commits[0].get("id")) == latest
    return commits[::-1] if begins else commits


def _growing(payload: Payload, work: list[Mapping[str, Any]]) -> Growing:
    branch = line(payload.body.get("ref")).removeprefix("refs/heads/")
    return Growing(
        body=f"Pushed {{count}} commit{{s}} to {branch} of {payload.repository}"[:400],
        key=f"push:{payload.repository_id}:{branch}",
        url=line(payload.body.get("compare_url")),
        occurred_at=instant(work[-1].get("timestamp")),
        actor=payload.sender,
        details=tuple(_detail(payload, commit) for commit in work),
        batch=f"commit:{line(payload.body.get('after'))}",
        place=branch,
        aside=branch != payload.default_branch,
    )


def _detail(payload: Payload, commit: Mapping[str, Any]) -> Detail:
    return Detail(
        key=f"commit:{line(commit.get('id'))[:64]}",
        text=line(_message(commit)) or "A commit without a message",
        url=line(commit.get("url")),
        alike=_likeness(payload, commit),
        bot=_is_bots(record(commit.get("author"))),
    )


def _is_bots(author: Mapping[str, Any]) -> bool:
    login = line(author.get("username"))
    return login in BOTS or "[bot]" in login + line(author.get("name"))


def _message(commit: Mapping[str, Any]) -> str:
    message = commit.get("message")
    return message if isinstance(message, str) else ""


def _likeness(payload: Payload, commit: Mapping[str, Any]) -> str:
    """The same for a commit and for what a rebase makes of it: author and message stay."""
    author = line(record(commit.get("author")).get("email"))
    work = f"{payload.repository_id}\0{author}\0{_message(commit).rstrip()}"
    return hashlib.sha256(work.encode(errors="replace")).hexdigest()
