"""What happened in a project before it was linked, told as its webhooks would have told it:
https://docs.gitlab.com/api/rest/. Pushes are left out: no list says what was in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from idonethis.integrations.base import (
    Answer,
    Client,
    Hook,
    PastPage,
    instant,
    line,
    lines,
    record,
    records,
)
from idonethis.integrations.kits.pasts import Part, beginning, page_of
from idonethis.partners.gitlab.past_releases import releases

FULL = 50
KEPT = ("id", "path_with_namespace", "web_url", "default_branch")
#: Of a thing, what a webhook calls as the list does.
ALIKE = ("id", "iid", "title", "updated_at")
#: By their making, so that nothing moves to a page that was read already.
ORDER: Mapping[str, Any] = {"order_by": "created_at", "sort": "asc", "per_page": FULL}

Tells = Callable[["Asking", Mapping[str, Any]], Iterator[Hook]]


@dataclass(frozen=True)
class Asking:
    """For what happened in the project at this path since then."""

    client: Client
    path: str
    project: Mapping[str, Any]
    since: datetime

    def read(self, what: str, place: Mapping[str, Any], tells: Tells, **asked: Any) -> Part:
        since, page = self.since.isoformat(timespec="seconds"), place.get("page", 1)
        params = {**asked, **ORDER, "updated_after": since, "page": page}
        answer = self.client.get(f"{self.path}/{what}", params=params)
        listed = records(answer.json)
        hooks = tuple(hook for each in listed for hook in tells(self, each))
        following = _number(answer, "x-next-page")
        place_after = {"page": following} if following and listed else None
        return Part(hooks, place_after, len(listed), _number(answer, "x-total"))

    def is_recent(self, said: Any) -> bool:
        at = instant(said)
        return at is not None and at >= self.since

    def hook(self, kind: str, listed: Mapping[str, Any], *, by: Any, **thing: Any) -> Hook:
        alike = {name: listed.get(name) for name in ALIKE}
        body = {
            "object_kind": kind,
            "user": by,
            "project": self.project,
            "object_attributes": {**alike, "url": listed.get("web_url"), **thing},
            "labels": [{"title": each} for each in lines(listed.get("labels"))],
            "assignees": listed.get("assignees"),
            "reviewers": listed.get("reviewers"),
        }
        return Hook(orjson.dumps(body), {"content-type": "application/json"})


def _number(answer: Answer, header: str) -> int | None:
    """Empty after the last page; of more than ten thousand things, GitLab does not say how many.
    https://docs.gitlab.com/api/rest/#other-pagination-headers"""
    said = line(answer.headers.get(header))
    return int(said) if said.isdecimal() else None


def page(
    client: Client, path: str, *, events: set[str], since: datetime, cursor: Mapping[str, Any]
) -> PastPage:
    """See ``Backfills.past``; ``events`` are those that the link logs."""
    cursor = cursor or _beginning(client, path, events)
    asking = Asking(client, path, cursor["project"], since)
    return page_of({name: partial(read, asking) for name, read in LISTS.items()}, cursor)


def _beginning(client: Client, path: str, events: set[str]) -> Mapping[str, Any]:
    """https://docs.gitlab.com/api/projects/#retrieve-a-project"""
    said = record(client.get(path).json)
    known = {name: said.get(name) for name in KEPT}
    return beginning((name for name in LISTS if name in events), project=known)


def _merge_requests(asking: Asking, place: Mapping[str, Any]) -> Part:
    """https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests"""
    return asking.read("merge_requests", place, _merged, state="merged")


def _merged(asking: Asking, request: Mapping[str, Any]) -> Iterator[Hook]:
    if asking.is_recent(request.get("merged_at")):
        yield asking.hook(
            "merge_request",
            request,
            by=request.get("merge_user") or request.get("merged_by"),
            merged_at=request.get("merged_at"),
            author_id=record(request.get("author")).get("id"),
            target_branch=request.get("target_branch"),
            merge_commit_sha=request.get("merge_commit_sha"),
            last_commit={"id": request.get("sha")},
            action="merge",
        )


def _issues(asking: Asking, place: Mapping[str, Any]) -> Part:
    """Open ones, too, which have been closed at no time: so what is taken up again meanwhile moves
    nothing to another page.
    https://docs.gitlab.com/api/issues/#list-project-issues"""
    return asking.read("issues", place, _closed, state="all")


def _closed(asking: Asking, issue: Mapping[str, Any]) -> Iterator[Hook]:
    if asking.is_recent(issue.get("closed_at")):
        yield asking.hook(
            "issue",
            issue,
            by=issue.get("closed_by"),
            closed_at=issue.get("closed_at"),
            confidential=issue.get("confidential"),
            moved_to_id=issue.get("moved_to_id"),
            # An address; webhooks tell an id.
            duplicated_to_id=record(issue.get("_links")).get("closed_as_duplicate_of"),
            action="close",
        )


def _releases(asking: Asking, place: Mapping[str, Any]) -> Part:
    return releases(asking.client, asking.project, since=asking.since, place=place)


LISTS = {"merge_request": _merge_requests, "issue": _issues, "release": _releases}
