"""Issues, pull requests, their reviews, and releases of the past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from idonethis.integrations.base import Hook, instant, line, record, records
from idonethis.partners.github.asking import FULL, Asking, Part, linked

#: Issues and pull requests of one page: each may take two more calls.
PAGE = 10
#: More than can change in one second.
REMEMBERED = 200


def things(asking: Asking, place: Mapping[str, Any]) -> Part:
    """By their last change, and each page from where the one before ended: so nothing is left out
    that changes meanwhile. https://docs.github.com/en/rest/issues/issues#list-repository-issues"""
    since, seen = place.get("since") or _said(asking.since), list(place.get("seen", ()))
    number = place.get("page", 1)
    listed = records(_list(asking, since, per_page=PAGE, page=number).json)
    fresh = [each for each in listed if each.get("number") not in seen]
    hooks = tuple(hook for each in fresh for hook in _told(asking, each))
    if len(listed) < PAGE:
        return Part(hooks, None, seen=len(fresh))
    remembered = [*seen, *(each.get("number") for each in fresh)][-REMEMBERED:]
    following = _place_after(listed[-1], since, number) | {"seen": remembered}
    return Part(hooks, following, seen=len(fresh))


def count_things(asking: Asking) -> int:
    answer = _list(asking, _said(asking.since), per_page=1)
    last = linked(answer, "last", "page")
    return int(last) if last.isdecimal() else len(records(answer.json))


def _list(asking: Asking, since: str, **params: int) -> Any:
    order = {"sort": "updated", "direction": "asc"}
    return asking.get("/issues", state="all", since=since, **order, **params)


def _place_after(last: Mapping[str, Any], since: str, number: int) -> dict[str, Any]:
    """GitHub counts in seconds, so the last second is looked at again. Where all of a page changed
    in the same one, only the next page leads on."""
    at = instant(last.get("updated_at"))
    moved = _said(at - timedelta(seconds=1)) if at else since
    return {"since": moved} if moved > since else {"since": since, "page": number + 1}


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _told(asking: Asking, thing: Mapping[str, Any]) -> Iterator[Hook]:
    if "pull_request" in thing:
        yield from _pull(asking, thing)
    elif "issues" in asking.events and asking.is_recent(thing.get("closed_at")):
        whole = thing if "closed_by" in thing else asking.one(f"/issues/{thing.get('number')}")
        yield asking.hook("issues", action="closed", issue=thing, sender=whole.get("closed_by"))


def _pull(asking: Asking, thing: Mapping[str, Any]) -> Iterator[Hook]:
    """https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request"""
    path = f"/pulls/{thing.get('number')}"
    if "pull_request" in asking.events and asking.is_recent(thing.get("closed_at")):
        merged = record(thing["pull_request"]).get("merged_at")
        pull = asking.one(path) if merged else thing
        by = pull.get("merged_by") or pull.get("user")
        yield asking.hook("pull_request", action="closed", pull_request=pull, sender=by)
    if "pull_request_review" in asking.events:
        yield from _reviews(asking, thing, path)


def _reviews(asking: Asking, thing: Mapping[str, Any], path: str) -> Iterator[Hook]:
    """https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request"""
    for review in asking.every(f"{path}/reviews"):
        if asking.is_recent(review.get("submitted_at")):
            said = {**review, "state": line(review.get("state")).lower()}
            told = {"action": "submitted", "review": said, "pull_request": thing}
            yield asking.hook("pull_request_review", **told, sender=review.get("user"))


def releases(asking: Asking, place: Mapping[str, Any]) -> Part:
    """Newest first. https://docs.github.com/en/rest/releases/releases#list-releases"""
    number = place.get("page", 1)
    listed = records(asking.get("/releases", per_page=FULL, page=number).json)
    recent = [each for each in listed if asking.is_recent(each.get("published_at"))]
    hooks = tuple(
        asking.hook("release", action="published", release=each, sender=each.get("author"))
        for each in recent
    )
    goes_on = recent and len(listed) == FULL
    return Part(hooks, {"page": number + 1} if goes_on else None, seen=len(hooks))
