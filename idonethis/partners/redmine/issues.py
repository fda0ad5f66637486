"""Issues, from when they are closed until they are opened again."""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Draft,
    Event,
    Ignored,
    Reason,
    Retitle,
    Retract,
    instant,
    line,
    record,
)
from idonethis.partners.redmine.reading import Change

#: Of the statuses that Redmine brings along, the closed one for what nobody is going to do:
#: https://www.redmine.org/projects/redmine/wiki/RedmineIssueTrackingSetup#Issue-statuses
DROPPED = "rejected"


def events(change: Change, *, site: str) -> Iterator[Event]:
    if not change.event.startswith("issue."):
        yield Ignored(Reason.UNSUPPORTED, f"Redmine’s “{change.event}” never makes an entry.")
    elif not change.id:
        yield Ignored(Reason.UNSUPPORTED, "It names no issue.")
    elif change.event == "issue.deleted":
        yield Retract(key=change.key, as_of=change.at)
    elif change.was_closed:
        yield from _closed(change, site)
    elif change.has_changed("subject") and not change.has_changed("status_id"):
        yield Retitle(key=change.key, body=_text(change), as_of=change.at)
    else:
        yield from _not_closed(change)


def _closed(change: Change, site: str) -> Iterator[Event]:
    status = line(change.status.get("name"))
    if status.casefold() == DROPPED:
        yield Ignored(Reason.FILTERED, f"It was closed as “{status}”.")
        yield Retract(key=change.key, as_of=change.at)
    else:
        yield _draft(change, site)


def _not_closed(change: Change) -> Iterator[Event]:
    """Of the status before, Redmine tells no more than a number: it may have been a closed one."""
    yield Ignored(Reason.UNSUPPORTED, "An issue makes an entry once it is closed.")
    if change.has_changed("status_id"):
        yield Retract(key=change.key, as_of=change.at)


def _draft(change: Change, site: str) -> Event:
    if not change.who.uid:
        return Ignored(Reason.NO_PERSON, "It is nobody’s, and Redmine names nobody who closed it.")
    return Draft(
        body=_text(change),
        key=change.key,
        url=change.url(site),
        occurred_at=instant(change.issue.get("closed_on")) or change.at,
        as_of=change.at,
        actor=change.who,
        place=line(record(change.issue.get("project")).get("name")),
    )


def _text(change: Change) -> str:
    return f"Closed “{line(change.issue.get('subject')) or 'untitled'}” (#{change.id})"
