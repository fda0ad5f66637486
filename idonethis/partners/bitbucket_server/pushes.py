"""Pushes: what one person brings to a branch in a day is one entry that grows.

https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html#Eventpayload-Push

Servers before 8 do not tell which commits a push brings, and none does of a push to several
branches: then its pushes are counted."""

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
    line,
    record,
    records,
)
from idonethis.partners.bitbucket_server.reading import Payload, page

#: What git and Bitbucket write when they merge: the merge is not work of its own.
MERGES = ("Merge pull request ", "Pull request #", "Merge branch ", "Merge remote-tracking branch ")
#: Far more than Bitbucket puts into a push.
MOST = 1_000


def push(payload: Payload) -> Iterator[Event]:
    """Whose push it was decides, never whom the commits name as their author: that is a text which
    anybody can set."""
    changes = records(payload.body.get("changes"))[:MOST]
    if not changes:
        yield Ignored(Reason.FILTERED, "The push changes nothing.")
    commits = records(payload.body.get("commits"))[:MOST] if len(changes) == 1 else []
    for change in changes:
        yield _changed(payload, change, commits)


def _changed(
    payload: Payload, change: Mapping[str, Any], commits: list[Mapping[str, Any]]
) -> Event:
    work = [each for each in commits[::-1] if not _message(each).startswith(MERGES)]
    if line(change.get("type")) == "DELETE":
        return Ignored(Reason.FILTERED, "The push deletes a branch or a tag.")
    if line(record(change.get("ref")).get("type")) != "BRANCH":
        return Ignored(Reason.FILTERED, "Only pushes to branches make entries.")
    if commits and not work:
        return Ignored(Reason.FILTERED, "The push brings no new work.")
    if line(change.get("type")) == "ADD" and not commits:
        return Ignored(Reason.FILTERED, "It is a new branch, of whose commits nothing is told.")
    return _growing(payload, change, work)


def _growing(payload: Payload, change: Mapping[str, Any], work: list[Mapping[str, Any]]) -> Growing:
    branch, repository = line(record(change.get("ref")).get("displayId")), payload["repository"]
    tip = line(change.get("toHash"))[:64]
    project = line(record(repository.get("project")).get("key"))
    where = f"{branch} of {project}/{line(repository.get('slug'))}"
    what = "{count} commit{s} to" if work else "{count} time{s} to"
    return Growing(
        body=f"Pushed {what} {where}"[:400],
        key=f"push{'' if work else 'es'}:{line(repository.get('id'))}:{branch}",
        url=_commit_page(payload, tip),
        occurred_at=payload.at,
        actor=payload.person(payload["actor"]),
        details=tuple(_detail(payload, each) for each in work)
        or (Detail(f"commit:{tip}", f"Up to {tip[:11]}", _commit_page(payload, tip)),),
        batch=f"commit:{tip}",
        place=branch,
        aside=branch not in ("main", "master"),
    )


def _commit_page(payload: Payload, commit: str) -> str:
    home = page(payload["repository"]).removesuffix("/browse")
    return f"{home}/commits/{commit}" if home else ""


def _detail(payload: Payload, commit: Mapping[str, Any]) -> Detail:
    sha = line(commit.get("id"))[:64]
    return Detail(
        key=f"commit:{sha}",
        text=line(_message(commit)) or "A commit without a message",
        url=_commit_page(payload, sha),
        alike=_likeness(payload, commit),
    )


def _message(commit: Mapping[str, Any]) -> str:
    message = commit.get("message")
    return message if isinstance(message, str) else ""


def _likeness(payload: Payload, commit: Mapping[str, Any]) -> str:
    """The same for a commit and for what a rebase makes of it: author and message stay."""
    author = line(record(commit.get("author")).get("emailAddress"))
    work = f"{line(payload['repository'].get('id'))}\0{author}\0{_message(commit).rstrip()}"
    return hashlib.sha256(work.encode(errors="replace")).hexdigest()
