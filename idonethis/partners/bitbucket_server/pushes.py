"""https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html#Eventpayload-Push

Servers before 8 do not tell which commits a push brings, and none does of a push to several
branches: then its pushes are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import (
    Event,
    Growing,
    Ignored,
    Reason,
    line,
    record,
    records,
)
from idonethis.integrations.kits.pushes import MOST, Commit, Push, commit_key, message_of
from idonethis.partners.bitbucket_server.reading import Payload, page

#: What Bitbucket writes when it merges: the merge is not work of its own.
MERGES = ("Merge pull request ", "Pull request #")


def push(payload: Payload) -> Iterator[Event]:
    changes = records(payload.body.get("changes"))[:MOST]
    if not changes:
        yield Ignored(Reason.FILTERED, "The push changes nothing.")
    commits = records(payload.body.get("commits"))[:MOST] if len(changes) == 1 else []
    for change in changes:
        yield _changed(payload, change, commits)


def _changed(
    payload: Payload, change: Mapping[str, Any], commits: list[Mapping[str, Any]]
) -> Event:
    said = _push(payload, change, commits)
    event = said.event if commits else said.counted
    is_new = line(change.get("type")) == "ADD" and isinstance(event, Growing)
    if is_new and not commits:
        return Ignored(Reason.FILTERED, "It is a new branch, of whose commits nothing is told.")
    return event


def _push(payload: Payload, change: Mapping[str, Any], commits: list[Mapping[str, Any]]) -> Push:
    """Bitbucket begins with the latest commit."""
    repository, ref = payload["repository"], record(change.get("ref"))
    place = f"{line(record(repository.get('project')).get('key'))}/{line(repository.get('slug'))}"
    branch, tip = line(ref.get("displayId")), line(change.get("toHash"))[:64]
    return Push(
        ref=("refs/heads/" if line(ref.get("type")) == "BRANCH" else "refs/tags/") + branch,
        tip="" if line(change.get("type")) == "DELETE" else tip or branch,
        repository=place,
        repository_id=line(repository.get("id")),
        actor=payload.person(payload["actor"]),
        commits=[_commit(payload, each) for each in commits[::-1]],
        merges=MERGES,
        is_default=branch in ("main", "master"),
        url=_commit_page(payload, tip),
        at=payload.at,
    )


def _commit_page(payload: Payload, commit: str) -> str:
    home = page(payload["repository"]).removesuffix("/browse")
    return f"{home}/commits/{commit}" if home else ""


def _commit(payload: Payload, said: Mapping[str, Any]) -> Commit:
    sha = line(said.get("id"))[:64]
    return Commit(
        key=commit_key(sha),
        message=message_of(said),
        author=line(record(said.get("author")).get("emailAddress")),
        url=_commit_page(payload, sha),
    )
