"""Pull requests, issues, reviews and releases.

The work of a pull request is its author's, whoever pressed the button; an issue is closed by who
closes it. https://docs.github.com/en/webhooks/webhook-events-and-payloads"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import Draft, Event, Ignored, Reason, Retitle, Retract
from idonethis.partners.github.payload import Payload, actor, instant


def pull_request(payload: Payload) -> Iterator[Event]:
    pull = payload["pull_request"]
    key = f"pull_request:{payload.repository_id}#{pull.get('number')}"
    if payload.action == "edited":
        yield from _retitled(payload, pull, key=key, verb="Merged", noun="a pull request")
    elif payload.action != "closed":
        yield _not_yet(payload, "pull request", "merged")
    elif not pull.get("merged"):
        yield Ignored(Reason.FILTERED, "The pull request was closed without being merged.")
    else:
        sha = pull.get("merge_commit_sha")
        yield Draft(
            body=payload.titled("Merged", "a pull request", pull),
            key=key,
            url=payload.url(pull),
            occurred_at=instant(pull.get("merged_at")),
            as_of=instant(pull.get("updated_at")),
            actor=actor(pull.get("user")),
            stands_for=(f"commit:{sha}",) if sha else (),
        )


def issues(payload: Payload) -> Iterator[Event]:
    issue = payload["issue"]
    key = f"issue:{payload.repository_id}#{issue.get('number')}"
    if payload.action == "edited":
        yield from _retitled(payload, issue, key=key, verb="Closed", noun="an issue")
    elif payload.action in ("reopened", "deleted"):
        yield Retract(key=key, as_of=instant(issue.get("updated_at")))
    elif payload.action != "closed":
        yield _not_yet(payload, "issue", "closed")
    elif issue.get("state_reason") in ("not_planned", "duplicate"):
        yield Ignored(Reason.FILTERED, "The issue was closed without being completed.")
    else:
        yield Draft(
            body=payload.titled("Closed", "an issue", issue),
            key=key,
            url=payload.url(issue),
            occurred_at=instant(issue.get("closed_at")),
            as_of=instant(issue.get("updated_at")),
            actor=payload.sender,
        )


def _retitled(
    payload: Payload, thing: Mapping[str, Any], *, key: str, verb: str, noun: str
) -> Iterator[Event]:
    if "title" not in payload["changes"]:
        yield Ignored(Reason.UNSUPPORTED, "Only a new title changes an entry.")
        return
    body = payload.titled(verb, noun, thing)
    yield Retitle(key=key, body=body, as_of=instant(thing.get("updated_at")))


def pull_request_review(payload: Payload) -> Iterator[Event]:
    """One entry for each reviewer and pull request, however many remarks there are."""
    review, pull = payload["review"], payload["pull_request"]
    author = actor(review.get("user"))
    if payload.action != "submitted":
        yield _not_yet(payload, "review", "submitted")
    else:
        number = f"{payload.repository_id}#{pull.get('number')}"
        own = author.uid == actor(pull.get("user")).uid
        verb = "Answered the review of" if own else "Reviewed"
        yield Draft(
            body=payload.titled(verb, "a pull request", pull),
            key=f"review:{number}:{author.uid}",
            url=payload.url(review),
            occurred_at=instant(review.get("submitted_at")),
            actor=author,
        )


def release(payload: Payload) -> Iterator[Event]:
    made = payload["release"]
    if payload.action != "published":
        yield _not_yet(payload, "release", "published")
        return
    tag = made.get("tag_name")
    what = "a version" if payload.hides_names else str(made.get("name") or tag)
    yield Draft(
        body=f"Released {what} of {payload.where}",
        key=f"release:{payload.repository_id}:{made.get('id') or tag}",
        url=payload.url(made),
        occurred_at=instant(made.get("published_at")),
        actor=actor(made.get("author")),
    )


def _not_yet(payload: Payload, noun: str, wanted: str) -> Ignored:
    why = f"A {noun} makes an entry once it is {wanted}; this one was {payload.action or 'named'}."
    return Ignored(Reason.UNSUPPORTED, why)
