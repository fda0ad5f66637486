"""Pushes of the past: who moved the default branch, and with which commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from idonethis.integrations.base import Answer, Gone, Hook, line, record, records
from idonethis.partners.github.asking import FULL, Asking, Part, linked

#: Pushes of one page: each takes another call.
PAGE = 10
#: How many pages of a hundred are counted before an import begins.
MOST_COUNTED = 10
FORCED = "force_push"
PERIODS = {"week": 7, "month": 28, "quarter": 90, "year": 365}
#: https://docs.github.com/en/rest/repos/repos#list-repository-activities
PUSHES = ("push", FORCED, "pr_merge", "merge_queue_merge", "branch_creation")
#: What a branch was before there was one.
NOWHERE = "0" * 40


def pushes(asking: Asking, place: Mapping[str, Any]) -> Part:
    """Oldest first, so that what was written anew finds what it was before. Commits are listed
    nowhere with who pushed them, but what became of branches is."""
    after, offset = place.get("after", ""), place.get("offset", 0)
    answer = _list(asking, after)
    recent = _recent(asking, answer)
    shown = recent[offset : offset + PAGE]
    hooks = tuple(_told(asking, act) for act in shown if act.get("activity_type") in PUSHES)
    following: Mapping[str, Any] | None = {"after": after, "offset": offset + PAGE}
    if len(recent) <= offset + PAGE:
        further = linked(answer, "next", "after")
        following = {"after": further} if further else None
    return Part(hooks, following, seen=len(shown))


def count_pushes(asking: Asking) -> int:
    count, after = 0, ""
    for _ in range(MOST_COUNTED):
        answer = _list(asking, after)
        count, after = count + len(_recent(asking, answer)), linked(answer, "next", "after")
        if not after:
            break
    return count


def _list(asking: Asking, after: str) -> Answer:
    branch = f"refs/heads/{asking.repository.get('default_branch')}"
    asked = {"ref": branch, "direction": "asc", "per_page": FULL, **_period(asking)}
    return asking.get("/activity", **asked, **({"after": after} if after else {}))


def _period(asking: Asking) -> dict[str, str]:
    """One that is long enough."""
    age = timezone.now() - asking.since
    found = (name for name, days in PERIODS.items() if timedelta(days=days) > age)
    return {"time_period": name} if (name := next(found, "")) else {}


def _recent(asking: Asking, answer: Answer) -> list[Mapping[str, Any]]:
    return [each for each in records(answer.json) if asking.is_recent(each.get("timestamp"))]


def _told(asking: Asking, act: Mapping[str, Any]) -> Hook:
    before, after = line(act.get("before")), line(act.get("after"))
    commits = [_commit(each) for each in _commits(asking, before, after)]
    return asking.hook(
        "push",
        ref=act.get("ref"),
        before=before,
        after=after,
        forced=act.get("activity_type") == FORCED,
        compare=f"{asking.repository.get('html_url')}/compare/{before[:12]}...{after[:12]}",
        commits=commits,
        head_commit=commits[-1] if commits else None,
        sender=act.get("actor"),
    )


def _commits(asking: Asking, before: str, after: str) -> Iterator[Mapping[str, Any]]:
    """Oldest first; none, where history was written anew since and GitHub has dropped them.
    https://docs.github.com/en/rest/commits/commits#compare-two-commits"""
    try:
        if before == NOWHERE:
            newest_first = records(asking.get("/commits", sha=after, per_page=FULL).json)
            yield from reversed(newest_first)
        else:
            yield from asking.every(f"/compare/{before}...{after}", "commits")
    except Gone:
        return


def _commit(listed: Mapping[str, Any]) -> dict[str, Any]:
    """As a webhook has it."""
    said = record(listed.get("commit"))
    return {
        "id": listed.get("sha"),
        "message": said.get("message"),
        "timestamp": record(said.get("committer")).get("date"),
        "url": listed.get("html_url"),
        "author": record(said.get("author")),
    }
