"""Pull requests, issues and releases: https://docs.gitea.com/usage/repository/webhooks"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    Retitle,
    Retract,
    instant,
    line,
    record,
    records,
)
from idonethis.partners.gitea.payload import Payload, labels


def pull_request(payload: Payload) -> Iterator[Event]:
    """The work is its author's; whoever merges has only pressed the button."""
    pull = payload["pull_request"]
    key = f"pull_request:{payload.repository_id}#{line(pull.get('number'))}"
    if payload.action == "edited":
        yield _retitled(payload, pull, key=key, verb="Merged")
    elif payload.action != "closed":
        yield _not_yet(payload, "A pull request", "merged")
    elif pull.get("merged") is not True:
        yield Ignored(Reason.FILTERED, "The pull request was closed without being merged.")
    else:
        sha = line(pull.get("merge_commit_sha"))
        yield Draft(
            body=payload.titled("Merged", pull),
            key=key,
            url=payload.url(pull, "pulls"),
            occurred_at=instant(pull.get("merged_at")),
            as_of=instant(pull.get("updated_at")),
            actor=payload.person(pull.get("user")),
            stands_for=(f"commit:{sha}",) if sha else (),
            place=line(record(pull.get("base")).get("ref")),
            labels=labels(pull),
        )


def issues(payload: Payload) -> Iterator[Event]:
    issue = payload["issue"]
    key = f"issue:{payload.repository_id}#{line(issue.get('number'))}"
    if payload.action == "edited":
        yield _retitled(payload, issue, key=key, verb="Closed")
    elif payload.action in ("reopened", "deleted"):
        yield Retract(key=key, as_of=instant(issue.get("updated_at")))
    elif payload.action != "closed":
        yield _not_yet(payload, "An issue", "closed")
    else:
        yield Draft(
            body=payload.titled("Closed", issue),
            key=key,
            url=payload.url(issue, "issues"),
            occurred_at=instant(issue.get("closed_at")),
            as_of=instant(issue.get("updated_at")),
            actor=_solver(payload, issue),
            labels=labels(issue),
        )


def _solver(payload: Payload, issue: Mapping[str, Any]) -> Actor:
    """An issue that is given to one person is theirs: it is often closed by whoever merges their
    work, or looks after the list. Otherwise it is of the person who closes it."""
    assigned = [payload.person(each) for each in records(issue.get("assignees"))]
    people = [each for each in assigned if each.uid and not each.bot]
    return people[0] if len(people) == 1 else payload.sender


def _retitled(payload: Payload, thing: Mapping[str, Any], *, key: str, verb: str) -> Event:
    if "title" not in payload["changes"]:
        return Ignored(Reason.UNSUPPORTED, "Of all edits, only a new title changes an entry.")
    body = payload.titled(verb, thing)
    return Retitle(key=key, body=body, as_of=instant(thing.get("updated_at")))


def release(payload: Payload) -> Iterator[Event]:
    """When one was deleted is not told, but one with the same id never comes again: so the entry
    has no time of its words, and never comes back."""
    made = payload["release"]
    tag = line(made.get("tag_name"))
    key = f"release:{payload.repository_id}:{line(made.get('id')) or tag}"
    if payload.action == "deleted":
        yield Retract(key=key, as_of=instant(made.get("created_at")))
    elif payload.action not in ("published", "updated"):
        yield _not_yet(payload, "A release", "published")
    elif made.get("draft") is True:
        yield Ignored(Reason.UNSUPPORTED, "The release is a draft.")
    else:
        yield Draft(
            body=f"Released {tag or 'a version'} of {payload.repository}",
            key=key,
            url=line(made.get("html_url")),
            occurred_at=instant(made.get("published_at")),
            actor=payload.person(made.get("author")),
        )


def _not_yet(payload: Payload, noun: str, wanted: str) -> Ignored:
    happened = f"“{payload.action}”" if payload.action else "without a name"
    sentence = f"{noun} makes an entry once it is {wanted}; this event is {happened}."
    return Ignored(Reason.UNSUPPORTED, sentence)
