"""https://learn.microsoft.com/azure/devops/service-hooks/events#code-pushed"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import Event, instant, line, record, records
from idonethis.integrations.kits.pushes import MOST, Commit, Push, commit_key
from idonethis.partners.azure_devops.payload import Payload

#: What Azure DevOps writes when it merges: the merge is not work of its own.
MERGES = ("Merged PR ", "Merge pull request ")


def push(payload: Payload) -> Iterator[Event]:
    update = _update(payload)
    ref, tip = line(update.get("name")), line(update.get("newObjectId"))
    yield Push(
        ref=ref,
        tip=tip,
        repository=payload.place,
        repository_id=line(payload.repository.get("id")),
        actor=payload.person(payload.resource.get("pushedBy")),
        commits=[_commit(payload, each) for each in _in_order(payload, tip)],
        merges=MERGES,
        is_default=ref == line(payload.repository.get("defaultBranch")),
        url=_page(payload, tip),
        at=instant(payload.resource.get("date")),
    ).event


def _update(payload: Payload) -> Mapping[str, Any]:
    """The commits of a push to several branches are not told apart: they count for the default
    branch, if it is one of them, else for the first."""
    updates = records(payload.resource.get("refUpdates"))[:MOST] or [{}]
    default = payload.repository.get("defaultBranch")
    return next((each for each in updates if each.get("name") == default), updates[0])


def _in_order(payload: Payload, tip: str) -> list[Mapping[str, Any]]:
    """Azure DevOps begins with the latest."""
    commits = records(payload.resource.get("commits"))[:MOST]
    begins = bool(commits) and line(commits[0].get("commitId")) == tip
    return commits[::-1] if begins else commits


def _page(payload: Payload, commit: str) -> str:
    return f"{payload.web_url}/commit/{commit}" if payload.web_url else ""


def _commit(payload: Payload, said: Mapping[str, Any]) -> Commit:
    sha, comment = line(said.get("commitId"))[:64], said.get("comment")
    return Commit(
        key=commit_key(sha),
        message=comment if isinstance(comment, str) else "",
        author=line(record(said.get("author")).get("email")),
        url=_page(payload, sha),
    )
