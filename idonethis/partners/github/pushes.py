"""Pushes: what one person brings to the default branch in a day is one entry that grows.

https://docs.github.com/en/webhooks/webhook-events-and-payloads#push"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.entries.text import one_line
from idonethis.integrations.base import Detail, Event, Growing, Ignored, Reason, Rewritten
from idonethis.partners.github.payload import Payload, instant, record

#: What git and GitHub write when they merge: the merge is not work of its own.
MERGES = ("Merge pull request #", "Merge branch ", "Merge remote-tracking branch ")


def push(payload: Payload) -> Iterator[Event]:
    if why := _ignored(payload):
        yield Ignored(Reason.FILTERED, why)
        return
    details = tuple(_detail(payload, commit) for commit in _commits(payload))
    if not details:
        yield Ignored(Reason.FILTERED, "The push holds merges only, and their work is logged.")
        return
    branch, place = _branch(payload), payload.where
    where = place if payload.hides_names else f"{branch} of {place}"
    # A forced push brings old work under new ids. https://git-scm.com/docs/git-rebase
    kind = Rewritten if payload.body.get("forced") else Growing
    yield kind(
        body=f"Pushed {{count}} commit{{s}} to {where}",
        key=f"push:{payload.repository_id}:{branch}",
        url="" if payload.hides_names else str(payload.body.get("compare") or ""),
        occurred_at=instant(payload["head_commit"].get("timestamp")),
        actor=payload.sender,
        details=details,
        batch=f"commit:{payload.body.get('after')}",
    )


def _ignored(payload: Payload) -> str:
    ref = str(payload.body.get("ref") or "")
    if not ref.startswith("refs/heads/"):
        return "Only pushes to branches make entries, and this is a tag."
    if payload.body.get("deleted"):
        return "The push deletes a branch."
    default = payload["repository"].get("default_branch")
    if _branch(payload) != default:
        return f"Only pushes to the default branch make entries, and this is {_branch(payload)}."
    return ""


def _branch(payload: Payload) -> str:
    return str(payload.body.get("ref") or "").removeprefix("refs/heads/")


def _commits(payload: Payload) -> list[Mapping[str, Any]]:
    listed = payload.body.get("commits")
    commits = [record(commit) for commit in listed] if isinstance(listed, list) else []
    return [commit for commit in commits if not _message(commit).startswith(MERGES)]


def _message(commit: Mapping[str, Any]) -> str:
    return str(commit.get("message") or "")


def _detail(payload: Payload, commit: Mapping[str, Any]) -> Detail:
    sha = str(commit.get("id") or "")
    if payload.hides_details:
        return Detail(f"commit:{sha}", "A commit", alike=_likeness(payload, commit))
    text = one_line(_message(commit)) or "A commit without a message"
    return Detail(f"commit:{sha}", text, str(commit.get("url") or ""), _likeness(payload, commit))


def _likeness(payload: Payload, commit: Mapping[str, Any]) -> str:
    """The same for a commit and for what a rebase makes of it: author and message stay."""
    author = record(commit.get("author")).get("email")
    said = f"{payload.repository_id}\0{author}\0{_message(commit)}"
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()
