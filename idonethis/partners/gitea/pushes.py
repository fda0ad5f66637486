"""https://docs.gitea.com/usage/repository/webhooks#example"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import Event, instant, line, record, records
from idonethis.integrations.kits.pushes import MOST, Commit, Push, commit_key, message_of
from idonethis.partners.gitea.payload import BOTS, Payload

#: What these servers write when they merge: the merge is not work of its own.
MERGES = ("Merge pull request ",)


def push(payload: Payload) -> Iterator[Event]:
    ref, tip = line(payload.body.get("ref")), line(payload.body.get("after"))
    yield Push(
        ref=ref,
        tip=tip,
        repository=payload.repository,
        repository_id=payload.repository_id,
        actor=payload.sender,
        commits=[_commit(each) for each in _in_order(payload, tip)],
        merges=MERGES,
        is_default=ref == f"refs/heads/{payload.default_branch}",
        url=line(payload.body.get("compare_url")),
    ).event


def _in_order(payload: Payload, tip: str) -> list[Mapping[str, Any]]:
    """Servers begin with the latest."""
    commits = records(payload.body.get("commits"))[:MOST]
    begins = bool(commits) and line(commits[0].get("id")) == tip
    return commits[::-1] if begins else commits


def _commit(said: Mapping[str, Any]) -> Commit:
    author = record(said.get("author"))
    return Commit(
        key=commit_key(said.get("id")),
        message=message_of(said),
        author=line(author.get("email")),
        url=line(said.get("url")),
        at=instant(said.get("timestamp")),
        bot=_is_bots(author),
    )


def _is_bots(author: Mapping[str, Any]) -> bool:
    login = line(author.get("username"))
    return login in BOTS or "[bot]" in login + line(author.get("name"))
