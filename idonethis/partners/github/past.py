"""What happened in a repository before it was linked, told as its webhooks would have told it.

https://docs.github.com/en/rest"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    Again,
    Client,
    Gone,
    Link,
    NeedsPermission,
    PastPage,
    record,
)
from idonethis.partners.github.asking import Asking, Part
from idonethis.partners.github.hooks import ask, path_of
from idonethis.partners.github.past_pushes import count_pushes, pushes
from idonethis.partners.github.past_things import count_things, releases, things

KEPT = ("id", "full_name", "private", "default_branch", "html_url")
#: What is listed, in this order: how, how many there are, and of which events it tells.
PARTS: Mapping[str, tuple[Callable[..., Part], Callable[[Asking], int], set[str]]] = {
    "things": (things, count_things, {"pull_request", "issues", "pull_request_review"}),
    "releases": (releases, lambda asking: releases(asking, {}).seen, {"release"}),
    "pushes": (pushes, count_pushes, {"push"}),
}


def page(
    client: Client, link: Link, *, events: set[str], since: datetime, cursor: Mapping[str, Any]
) -> PastPage:
    """See ``Backfills.past``; ``events`` are those that the link logs."""
    try:
        cursor = cursor or _beginning(client, link, events=events, since=since)
        return _page(Asking(client, cursor["repository"], events, since), cursor)
    except Again as problem:
        if problem.after is None:
            raise
        limit = "GitHub’s limit of calls is reached."
        raise Again(limit, after=problem.after) from problem


def _beginning(
    client: Client, link: Link, *, events: set[str], since: datetime
) -> Mapping[str, Any]:
    known = _repository(client, link)
    asking = Asking(client, known, events, since)
    parts = [name for name, (_, _, told) in PARTS.items() if told & events]
    total = sum(PARTS[name][1](asking) for name in parts)
    return {"repository": known, "total": total, "parts": parts, "place": {}}


def _repository(client: Client, link: Link) -> Mapping[str, Any]:
    """https://docs.github.com/en/rest/repos/repos#get-a-repository"""
    try:
        found = record(ask(client, "GET", path_of(link.subject)).json)
    except (Gone, NeedsPermission) as problem:
        raise NeedsPermission(
            f"GitHub does not show what happened in {link.subject} to this account. Of a private "
            "repository, that takes the right to change its code, which is not asked for; what "
            "happens from now on comes in all the same."
        ) from problem
    if not found.get("id"):
        raise Again("GitHub did not say which repository this is.")
    return {name: found.get(name) for name in KEPT}


def _page(asking: Asking, cursor: Mapping[str, Any]) -> PastPage:
    parts: list[str] = cursor["parts"]
    if not parts:
        return PastPage(total=0)
    part = PARTS[parts[0]][0](asking, cursor["place"])
    parts = parts if part.place else parts[1:]
    following = {**cursor, "parts": parts, "place": part.place or {}} if parts else None
    return PastPage(part.hooks, following, seen=part.seen, total=cursor["total"])
