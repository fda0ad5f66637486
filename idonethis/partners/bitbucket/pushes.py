"""Pushes: what one person brings to a branch in a day is one entry that grows.

https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Push"""

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
    Rewritten,
    instant,
    line,
    record,
    records,
)
from idonethis.partners.bitbucket.reading import Payload, page, person, short

#: What git and Bitbucket write when they merge: the merge is not work of its own.
MERGES = ("Merged in ", "Merge branch ", "Merge remote-tracking branch ", "Merge pull request ")
#: Far more than Bitbucket puts into a push.
MOST = 100


def push(payload: Payload) -> Iterator[Event]:
    """Whose push it was decides, never whom the commits name as their author: that is a text which
    anybody can set."""
    changes = records(payload["push"].get("changes"))[:MOST]
    if not changes:
        yield Ignored(Reason.FILTERED, "The push changes nothing.")
    for change in changes:
        yield _changed(payload, change)


def _changed(payload: Payload, change: Mapping[str, Any]) -> Event:
    branch = record(change.get("new"))
    work = [each for each in _commits(change) if not _message(each).startswith(MERGES)]
    if not branch:
        return Ignored(Reason.FILTERED, "The push deletes a branch or a tag.")
    if line(branch.get("type")) not in ("branch", "named_branch"):
        return Ignored(Reason.FILTERED, "Only pushes to branches make entries, and this is a tag.")
    if not work:
        return Ignored(Reason.FILTERED, "The push brings no new work.")
    return _growing(payload, change, work)


def _commits(change: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """In the order in which they were made; Bitbucket begins with the latest."""
    return records(change.get("commits"))[:MOST][::-1]


def _growing(payload: Payload, change: Mapping[str, Any], work: list[Mapping[str, Any]]) -> Growing:
    """A forced push brings old work under new ids. https://git-scm.com/docs/git-rebase"""
    target = record(record(change.get("new")).get("target"))
    name = line(record(change.get("new")).get("name"))
    kind = Rewritten if change.get("forced") is True else Growing
    return kind(
        body=f"Pushed {{count}} commit{{s}} to {name} of {payload.repository}"[:400],
        key=f"push:{payload.repository_id}:{name}",
        url=page(change),
        occurred_at=instant(line(target.get("date"))),
        actor=person(payload["actor"]),
        details=tuple(_detail(payload, commit) for commit in work),
        batch=short(target),
        place=name,
        aside=not payload.is_main(name),
    )


def _detail(payload: Payload, commit: Mapping[str, Any]) -> Detail:
    return Detail(
        key=short(commit),
        text=line(_message(commit)) or "A commit without a message",
        url=page(commit),
        alike=_likeness(payload, commit),
        bot=person(record(commit.get("author")).get("user")).bot,
    )


def _message(commit: Mapping[str, Any]) -> str:
    message = commit.get("message")
    return message if isinstance(message, str) else ""


def _likeness(payload: Payload, commit: Mapping[str, Any]) -> str:
    """The same for a commit and for what a rebase makes of it: author and message stay."""
    author = line(record(commit.get("author")).get("raw"))
    work = f"{payload.repository_id}\0{author}\0{_message(commit).rstrip()}"
    return hashlib.sha256(work.encode(errors="replace")).hexdigest()
