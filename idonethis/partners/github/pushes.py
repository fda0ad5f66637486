"""Pushes: what one person brings to the default branch in a day is one entry that grows.

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
    records,
)
from idonethis.partners.github.commits import details, is_merge
from idonethis.partners.github.payload import Payload, instant, line
from idonethis.partners.github.people import is_bots


def push(payload: Payload) -> Iterator[Event]:
    """Whose push it was decides, never whom the commits name as their author: that is a text which
    anybody can set."""
    ignored = _elsewhere(payload) or _without_work(payload)
    if ignored:
        yield Ignored(*ignored)
    else:
        yield from _pushed(payload)


def _elsewhere(payload: Payload) -> tuple[Reason, str] | None:
    ref = line(payload.body.get("ref"))
    if not ref.startswith("refs/heads/"):
        return Reason.FILTERED, "Only pushes to branches make entries, and this is a tag."
    if payload.body.get("deleted"):
        return Reason.FILTERED, "The push deletes a branch."
    default = payload["repository"].get("default_branch")
    if _branch(payload) != default:
        other = "another" if payload.hides_names else f"“{_branch(payload)}”"
        return Reason.FILTERED, f"Only the default branch makes entries, and this is {other}."
    return None


def _without_work(payload: Payload) -> tuple[Reason, str] | None:
    commits = records(payload.body.get("commits"))
    work = [commit for commit in commits if not is_merge(commit)]
    if not commits:
        return Reason.FILTERED, "The push brings no new commits."
    if not work:
        return Reason.FILTERED, "The push holds merges only, and their work is logged."
    if not payload.bots and all(is_bots(commit) for commit in work):
        return Reason.BOT, "The push holds nothing but the commits of bots."
    return None


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
        key=f"push:{payload.repository_id}:{branch}"[:200],
        url=payload.url(payload.body, "compare"),
        occurred_at=instant(payload["head_commit"].get("timestamp")),
        actor=payload.sender,
        details=made,
        batch=f"commit:{line(payload.body.get('after'))}",
    )


def _branch(payload: Payload) -> str:
    return line(payload.body.get("ref")).removeprefix("refs/heads/")
