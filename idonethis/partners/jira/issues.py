"""Issues, from when they are done until they are reopened.

https://developer.atlassian.com/cloud/jira/platform/webhooks/#example-callback-for-an-issue-related-event"""

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
    instant,
    line,
    lines,
    record,
)
from idonethis.partners.jira.reading import Change, person

#: Resolutions that Jira brings along for what nobody is going to do, in lower case:
#: https://support.atlassian.com/jira-cloud-administration/docs/what-are-issue-statuses-priorities-and-resolutions/
DROPPED = frozenset(
    ("won't do", "won't fix", "duplicate", "cannot reproduce", "incomplete", "declined")
)


def issue(change: Change) -> Iterator[Event]:
    key = change.key("issue")
    if not change.id:
        yield Ignored(Reason.UNSUPPORTED, "It names no issue.")
    elif change.event == "jira:issue_deleted":
        yield Retract(key=key, as_of=change.at)
    elif change.has_moved:
        yield from _moved(change)
    elif change.has_changed("summary"):
        yield Retitle(key=key, body=_body(change), as_of=change.at)
    else:
        yield Ignored(Reason.UNSUPPORTED, "An issue makes an entry once it is done.")


def _moved(change: Change) -> Iterator[Event]:
    """Jira does not say to which category the status belonged before, so whatever is moved to one
    that is not Done takes the entry back, if there is one."""
    if why := _why_not(change):
        yield why
        if change.event != "jira:issue_created":
            yield Retract(key=change.key("issue"), as_of=change.at)
    else:
        yield _draft(change)


def _why_not(change: Change) -> Ignored | None:
    resolution = line(record(change.fields.get("resolution")).get("name"))
    if resolution.casefold().replace("’", "'") in DROPPED:
        return Ignored(Reason.FILTERED, f"The issue was resolved as “{resolution}”.")
    if not _is_done(change):
        return Ignored(Reason.UNSUPPORTED, "An issue makes an entry once it is done.")
    return None


def _is_done(change: Change) -> bool:
    """Categories are the same at all Jiras, however statuses are called. Those before 6.2 knew
    resolutions alone."""
    category = record(record(change.fields.get("status")).get("statusCategory"))
    return (
        line(category.get("key")) == "done" if category else bool(change.fields.get("resolution"))
    )


def _draft(change: Change) -> Event:
    fields, done_by = change.fields, _who(change)
    if not done_by.uid:
        return Ignored(
            Reason.NO_PERSON, "The issue is nobody’s, and Jira names nobody who moved it."
        )
    return Draft(
        body=_body(change),
        key=change.key("issue"),
        url=f"{change.site}/browse/{_number(change)}" if change.site else "",
        occurred_at=instant(fields.get("statuscategorychangedate"))
        or instant(fields.get("resolutiondate"))
        or change.at,
        as_of=change.at,
        actor=done_by,
        place=line(change.project.get("key")),
        labels=_labels(change),
    )


def _who(change: Change) -> Actor:
    """The work is that of whom the issue is assigned to, whoever moves it."""
    assigned = person(record(change.fields.get("assignee")))
    return assigned if assigned.uid else change.user


def _labels(change: Change) -> tuple[str, ...]:
    return tuple(filter(None, lines(change.fields.get("labels"))))


def _body(change: Change) -> str:
    title, number = line(change.fields.get("summary")), _number(change)
    return f"Completed “{title or 'untitled'}”" + (f" ({number})" if number else "")


def _number(change: Change) -> str:
    return line(change.thing.get("key"))
