"""Merge requests, issues, releases and pipelines.

https://docs.gitlab.com/user/project/integrations/webhook_events/"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    Retitle,
    Retract,
    line,
    record,
)
from idonethis.partners.gitlab.payload import Payload, moment


def merge_request(payload: Payload) -> Iterator[Event]:
    """The work is its author's; whoever merges has only pressed the button."""
    request = payload.thing
    key = f"merge_request:{payload.named(request.get('id'))}"
    if payload.action == "update":
        yield _retitled(payload, key, payload.titled("Merged", "!"))
    elif payload.action != "merge":
        yield _not_yet(payload, "A merge request", "merged")
    else:
        yield Draft(
            body=payload.titled("Merged", "!"),
            key=key,
            url=line(request.get("url")),
            occurred_at=moment(request.get("merged_at")) or payload.at,
            as_of=payload.at,
            actor=_author(payload),
            stands_for=(f"commit:{tip}",) if (tip := _tip(payload)) else (),
            place=line(request.get("target_branch")),
            labels=payload.labels,
        )


def _author(payload: Payload) -> Actor:
    number = payload.thing.get("author_id")
    return payload.person_with(number) if number else payload.user


def _tip(payload: Payload) -> str:
    """The commit as which the merge arrives as a push: of a fast-forwarded one, its last."""
    merged = line(payload.thing.get("merge_commit_sha"))
    return merged or line(record(payload.thing.get("last_commit")).get("id"))


def issue(payload: Payload) -> Iterator[Event]:
    thing = payload.thing
    key = f"issue:{payload.named(thing.get('id'))}"
    if thing.get("confidential") is True:
        yield Ignored(Reason.PRIVATE, "The issue is confidential at GitLab.")
    elif payload.action == "update":
        yield _retitled(payload, key, payload.titled("Closed", "#"))
    elif payload.action == "reopen":
        yield Retract(key=key, as_of=payload.at)
    elif payload.action != "close":
        yield _not_yet(payload, "An issue", "closed")
    elif thing.get("moved_to_id") or thing.get("duplicated_to_id"):
        yield Ignored(Reason.FILTERED, "The issue goes on as another one.")
    else:
        yield _closed(payload, key)


def _closed(payload: Payload, key: str) -> Draft:
    return Draft(
        body=payload.titled("Closed", "#"),
        key=key,
        url=line(payload.thing.get("url")),
        occurred_at=moment(payload.thing.get("closed_at")) or payload.at,
        as_of=payload.at,
        actor=_solver(payload),
        labels=payload.labels,
    )


def _solver(payload: Payload) -> Actor:
    """An issue that is given to one person is theirs: it is often closed by whoever merges their
    work, or looks after the list. Otherwise it is of the person who closes it."""
    assigned = [payload.person(each) for each in payload.assigned]
    people = [each for each in assigned if (each.uid or each.login) and not each.bot]
    return people[0] if len(people) == 1 else payload.user


def _retitled(payload: Payload, key: str, body: str) -> Event:
    if "title" not in payload["changes"]:
        return Ignored(Reason.UNSUPPORTED, "Of all changes, only a new title changes an entry.")
    return Retitle(key=key, body=body, as_of=payload.at)


def release(payload: Payload) -> Iterator[Event]:
    """GitLab does not say who has made it, so it is of who made the link; nor when it was removed,
    but one with the same id never comes again."""
    made = payload.body
    tag = line(made.get("tag")) or line(made.get("name"))
    key = f"release:{payload.project_id}:{line(made.get('id')) or tag}"
    if payload.action == "delete":
        yield Retract(key=key, as_of=moment(made.get("created_at")))
    elif payload.action not in ("create", "update"):
        yield _not_yet(payload, "A release", "made")
    else:
        yield Draft(
            body=f"Released {tag or 'a version'} of {payload.project}",
            key=key,
            url=line(made.get("url")),
            occurred_at=moment(made.get("released_at")),
        )


def pipeline(payload: Payload) -> Iterator[Event]:
    """A pipeline that is run again and succeeds then is no blocker any more."""
    run, ref = payload.thing, line(payload.thing.get("ref"))
    key = f"pipeline:{payload.named(run.get('id'))}"
    at = moment(run.get("finished_at"))
    if line(run.get("status")) == "success":
        yield Retract(key=key, as_of=at)
    elif line(run.get("status")) != "failed":
        yield Ignored(Reason.UNSUPPORTED, "A pipeline makes an entry once it has failed.")
    else:
        yield Draft(
            body=f"The pipeline of {ref} failed in {payload.project}",
            kind="blocked",
            key=key,
            url=line(run.get("url")) or f"{payload.web_url}/-/pipelines/{line(run.get('id'))}",
            occurred_at=at,
            as_of=at,
            actor=payload.user,
            place=ref,
            aside=ref != payload.default_branch or bool(run.get("tag")),
        )


def _not_yet(payload: Payload, noun: str, wanted: str) -> Ignored:
    happened = f"“{payload.action}”" if payload.action else "without a name"
    sentence = f"{noun} makes an entry once it is {wanted}; this event is {happened}."
    return Ignored(Reason.UNSUPPORTED, sentence)
