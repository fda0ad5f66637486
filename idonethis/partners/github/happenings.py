"""Pull requests, issues, reviews and releases.

https://docs.github.com/en/webhooks/webhook-events-and-payloads"""

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
    records,
)
from idonethis.partners.github.payload import Payload, base, labels
from idonethis.partners.github.people import actor


def pull_request(payload: Payload) -> Iterator[Event]:
    """The work is its author's; whoever merges has only pressed the button."""
    pull = payload["pull_request"]
    key = f"pull_request:{payload.repository_id}#{pull.get('number')}"
    if payload.action == "edited":
        yield _retitled(payload, pull, key=key, verb="Merged", noun="a pull request")
    elif payload.action != "closed":
        yield _not_yet(payload, "A pull request", "merged")
    elif not (pull.get("merged") or pull.get("merged_at")):
        yield Ignored(Reason.FILTERED, "The pull request was closed without being merged.")
    else:
        sha = line(pull.get("merge_commit_sha"))
        yield Draft(
            body=payload.titled("Merged", "a pull request", pull),
            key=key,
            url=payload.url(pull),
            occurred_at=instant(pull.get("merged_at")) or instant(pull.get("closed_at")),
            as_of=instant(pull.get("updated_at")),
            actor=actor(pull.get("user")),
            stands_for=(f"commit:{sha}",) if sha else (),
            place=base(pull),
            labels=labels(pull),
        )


def issues(payload: Payload) -> Iterator[Event]:
    issue = payload["issue"]
    key = f"issue:{payload.repository_id}#{issue.get('number')}"
    if payload.action == "edited":
        yield _retitled(payload, issue, key=key, verb="Closed", noun="an issue")
    elif payload.action in ("reopened", "deleted"):
        yield Retract(key=key, as_of=instant(issue.get("updated_at")))
    elif payload.action != "closed":
        yield _not_yet(payload, "An issue", "closed as completed")
    elif issue.get("state_reason") in ("not_planned", "duplicate"):
        yield Ignored(Reason.FILTERED, "The issue was closed without being completed.")
    else:
        yield Draft(
            body=payload.titled("Closed", "an issue", issue),
            key=key,
            url=payload.url(issue),
            occurred_at=instant(issue.get("closed_at")),
            as_of=instant(issue.get("updated_at")),
            actor=_solver(payload, issue),
            labels=labels(issue),
        )


def _solver(payload: Payload, issue: Mapping[str, Any]) -> Actor:
    """An issue that is given to one person is theirs: it is often closed by whoever merges their
    work, or looks after the list. Otherwise it is of the person who closes it."""
    assigned = [actor(each) for each in records(issue.get("assignees"))]
    people = [each for each in assigned if each.uid and not each.bot]
    return people[0] if len(people) == 1 else payload.sender


def _retitled(
    payload: Payload, thing: Mapping[str, Any], *, key: str, verb: str, noun: str
) -> Event:
    if "title" not in payload["changes"]:
        return Ignored(Reason.UNSUPPORTED, "Of all edits, only a new title changes an entry.")
    body = payload.titled(verb, noun, thing)
    return Retitle(key=key, body=body, as_of=instant(thing.get("updated_at")))


def pull_request_review(payload: Payload) -> Iterator[Event]:
    """One entry for each reviewer and pull request, however many rounds and remarks there are."""
    review, pull = payload["review"], payload["pull_request"]
    reviewer = actor(review.get("user"))
    if payload.action != "submitted":
        yield _not_yet(payload, "A review", "submitted")
    elif reviewer.uid and reviewer.uid == actor(pull.get("user")).uid:
        yield Ignored(Reason.FILTERED, "The author answered a review, which is no review.")
    else:
        number = f"{payload.repository_id}#{pull.get('number')}"
        yield Draft(
            body=payload.titled("Reviewed", "a pull request", pull),
            key=f"review:{number}:{reviewer.uid or reviewer.login}",
            url=payload.url(review),
            occurred_at=instant(review.get("submitted_at")),
            as_of=instant(review.get("submitted_at")),
            actor=reviewer,
            place=base(pull),
            labels=labels(pull),
        )


def release(payload: Payload) -> Iterator[Event]:
    made = payload["release"]
    tag = line(made.get("tag_name"))
    if payload.action != "published":
        yield _not_yet(payload, "A release", "published")
    else:
        what = "a version" if payload.hides_names or not tag else tag
        yield Draft(
            body=f"Released {what} of {payload.where}",
            key=f"release:{payload.repository_id}:{made.get('id') or tag}",
            url=payload.url(made),
            occurred_at=instant(made.get("published_at")),
            as_of=instant(made.get("published_at")),
            actor=actor(made.get("author")),
        )


def _not_yet(payload: Payload, noun: str, wanted: str) -> Ignored:
    happened = f"“{payload.action}”" if payload.action else "without a name"
    sentence = f"{noun} makes an entry once it is {wanted}; this event is {happened}."
    return Ignored(Reason.UNSUPPORTED, sentence)
