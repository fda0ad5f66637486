"""What happened in a repository before it was linked, told as its webhooks would have told it:
https://docs.gitea.com/api/. Pushes are left out: no list says who pushed what, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson

from idonethis.integrations.base import (
    Answer,
    Client,
    Gone,
    Hook,
    PastPage,
    instant,
    line,
    record,
    records,
)
from idonethis.integrations.kits.pasts import Part, beginning, page_of

#: Things of one page: each may take one more call. A server may show fewer at once.
FEW = 10
KEPT = ("id", "full_name", "html_url", "default_branch", "private")


@dataclass(frozen=True)
class Asking:
    """For what happened in the repository at this path since then, of these events."""

    client: Client
    path: str
    repository: Mapping[str, Any]
    events: set[str]
    since: datetime

    def get(self, path: str, **params: Any) -> Answer:
        return self.client.get(f"{self.path}{path}", params=params)

    def one(self, path: str, **params: Any) -> Any:
        """Nothing, where it has been removed meanwhile, or an old server does not tell it."""
        try:
            return self.get(path, **params).json
        except Gone:
            return None

    def is_recent(self, said: Any) -> bool:
        at = instant(said)
        return at is not None and at >= self.since

    def hook(self, event: str, **body: Any) -> Hook:
        headers = {"content-type": "application/json", "x-gitea-event": event}
        return Hook(orjson.dumps({**body, "repository": self.repository}), headers)


def page(
    client: Client, path: str, *, events: set[str], since: datetime, cursor: Mapping[str, Any]
) -> PastPage:
    """See ``Backfills.past``; ``events`` are those that the link logs."""
    cursor = cursor or _beginning(client, path, events)
    asking = Asking(client, path, cursor["repository"], events, since)
    return page_of({name: partial(read, asking) for name, read in LISTS.items()}, cursor)


def _beginning(client: Client, path: str, events: set[str]) -> Mapping[str, Any]:
    """https://docs.gitea.com/api/#tag/repository/operation/repoGet"""
    said = record(client.get(path).json)
    lists = ["things"] if events & {"issues", "pull_request"} else []
    lists += ["releases"] if "release" in events else []
    return beginning(lists, repository={name: said.get(name) for name in KEPT})


def _things(asking: Asking, place: Mapping[str, Any]) -> Part:
    """Issues and pull requests, open ones, too: so what is closed or taken up again meanwhile moves
    nothing to a page that was read already.
    https://docs.gitea.com/api/#tag/issue/operation/issueListIssues"""
    since, page = asking.since.isoformat(timespec="seconds"), place.get("page", 1)
    answer = asking.get("/issues", state="all", since=since, limit=FEW, page=page)
    listed = records(answer.json)
    hooks = tuple(hook for each in listed for hook in _told(asking, each))
    return Part(hooks, _following(place, len(listed), answer), len(listed), _total(answer))


def _told(asking: Asking, thing: Mapping[str, Any]) -> Iterator[Hook]:
    if thing.get("state") != "closed" or not asking.is_recent(thing.get("closed_at")):
        return
    number, pull = thing.get("number"), record(thing.get("pull_request"))
    if not pull and "issues" in asking.events:
        by = _closer(asking, thing)
        yield asking.hook("issues", action="closed", number=number, issue=thing, sender=by)
    elif pull.get("merged") is True and "pull_request" in asking.events:
        whole = record(asking.one(f"/pulls/{number}"))
        about = {"number": number, "pull_request": whole, "sender": whole.get("merged_by")}
        yield asking.hook("pull_request", action="closed", **about)


def _closer(asking: Asking, issue: Mapping[str, Any]) -> Mapping[str, Any]:
    """The issue itself does not say it.
    https://docs.gitea.com/api/#tag/issue/operation/issueGetCommentsAndTimeline"""
    at = instant(issue.get("closed_at"))
    since = {"since": (at - timedelta(seconds=1)).isoformat(timespec="seconds")} if at else {}
    said = records(asking.one(f"/issues/{issue.get('number')}/timeline", limit=50, **since))
    closed = [record(each.get("user")) for each in said if line(each.get("type")) == "close"]
    return closed[-1] if closed else {}


def _releases(asking: Asking, place: Mapping[str, Any]) -> Part:
    """Newest first. https://docs.gitea.com/api/#tag/repository/operation/repoListReleases"""
    answer = asking.get("/releases", limit=FEW, page=place.get("page", 1))
    listed = records(answer.json)
    recent = [each for each in listed if asking.is_recent(each.get("published_at"))]
    hooks = tuple(
        asking.hook("release", action="published", release=each, sender=each.get("author"))
        for each in recent
    )
    following = _following(place, len(listed), answer) if recent else None
    return Part(hooks, following, len(recent))


LISTS = {"things": _things, "releases": _releases}


def _total(answer: Answer) -> int | None:
    """https://docs.gitea.com/development/api-usage#pagination"""
    said = line(answer.headers.get("x-total-count"))
    return int(said) if said.isdecimal() else None


def _following(place: Mapping[str, Any], listed: int, answer: Answer) -> Mapping[str, Any] | None:
    total, seen = _total(answer), place.get("seen", 0) + listed
    if not listed or (total is not None and seen >= total):
        return None
    return {"page": place.get("page", 1) + 1, "seen": seen}
