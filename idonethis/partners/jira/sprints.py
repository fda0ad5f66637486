"""Sprints, for links that want them. They say neither who closed them nor where their board is."""

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
)
from idonethis.partners.jira.reading import Change


def sprint(change: Change, *, wanted: bool) -> Iterator[Event]:
    key, event = change.key("sprint"), change.event
    body = f"Closed the sprint “{line(change.thing.get('name')) or 'untitled'}”"
    is_closed = line(change.thing.get("state")).lower() == "closed"
    if not wanted or not change.id:
        yield Ignored(Reason.FILTERED, "This link does not log closed sprints.")
    elif event == "sprint_closed":
        at = instant(change.thing.get("completeDate")) or change.at
        yield Draft(body=body, key=key, occurred_at=at, as_of=change.at)
    elif event == "sprint_deleted" or (event == "sprint_updated" and not is_closed):
        yield Retract(key=key, as_of=change.at)
    elif event == "sprint_updated":
        yield Retitle(key=key, body=body, as_of=change.at)
    else:
        yield Ignored(Reason.UNSUPPORTED, "A sprint makes an entry once it is closed.")
