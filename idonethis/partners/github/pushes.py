"""Pushes: what one person brings to a branch in a day is one entry that grows.

https://docs.github.com/en/webhooks/webhook-events-and-payloads#push"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Detail,
    Event,
    Growing,
    Ignored,
    Reason,
    Rewritten,
    instant,
    line,
    records,
)
from idonethis.partners.github.commits import details, is_merge
from idonethis.partners.github.payload import Payload


def push(payload: Payload) -> Iterator[Event]:
    """Whose push it was decides, never whom the commits name as their author: that is a text which
    anybody can set."""
    if empty := _elsewhere(payload) or _without_work(payload):
        yield Ignored(Reason.FILTERED, empty)
    else:
        yield from _pushed(payload)


def _elsewhere(payload: Payload) -> str:
    if not line(payload.body.get("ref")).startswith("refs/heads/"):
        return "Only pushes to branches make entries, and this is a tag."
    return "The push deletes a branch." if payload.body.get("deleted") else ""


def _without_work(payload: Payload) -> str:
    commits = records(payload.body.get("commits"))
    if not commits:
        return "The push brings no new commits."
    merges = all(is_merge(commit) for commit in commits)
    return "The push holds merges only, and their work is logged." if merges else ""


def _pushed(payload: Payload) -> Iterator[Growing]:
    """A forced push brings old work under new ids, as a pick does.
    https://git-scm.com/docs/git-rebase"""
    made, picked = details(payload, picked=False), details(payload, picked=True)
    if made:
        yield _growing(payload, made, Rewritten if payload.body.get("forced") else Growing)
    if picked:
        yield _growing(payload, picked, Rewritten)


def _growing(payload: Payload, made: tuple[Detail, ...], kind: type[Growing]) -> Growing:
    branch, place = _branch(payload), payload.where
    where = place if payload.hides_names else f"{branch} of {place}"
    return kind(
        body=f"Pushed {{count}} commit{{s}} to {where}"[:400],
        key=f"push:{payload.repository_id}:{branch}",
        url=payload.url(payload.body, "compare"),
        occurred_at=instant(payload["head_commit"].get("timestamp")),
        actor=payload.sender,
        details=made,
        batch=f"commit:{line(payload.body.get('after'))}",
        place=branch,
        aside=branch != payload.default_branch,
    )


def _branch(payload: Payload) -> str:
    return line(payload.body.get("ref")).removeprefix("refs/heads/")
