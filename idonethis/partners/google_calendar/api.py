"""The calls we make to Google: https://developers.google.com/workspace/calendar/api/v3/reference"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Again,
    Choice,
    Client,
    choices_of,
    line,
    record,
    records,
)
from idonethis.integrations.kits.calendars import MOST_PEOPLE, Occurrence, Zone
from idonethis.partners.google_calendar.events import occurrence

#: What an answer may be split into. More pages than any calendar has.
MOST_PAGES = 100
#: Neither absences nor where somebody works are anything that they got done.
KINDS = ("default", "focusTime")
PEOPLE = "(email,displayName,self,resource,responseStatus)"
FIELDS = (
    "nextPageToken,nextSyncToken,timeZone,items(id,status,summary,htmlLink,visibility,transparency,"
    f"start,end,creator,organizer,attendees{PEOPLE},sequence,updated)"
)
#: https://developers.google.com/workspace/calendar/api/v3/reference/events/list
ASKED = {
    "singleEvents": "true",
    "showDeleted": "true",
    "eventTypes": KINDS,
    "maxAttendees": MOST_PEOPLE,
    "maxResults": 1000,
    "fields": FIELDS,
}


class Stale(Again):
    """Google does not know any more what has changed since then."""


@dataclass(frozen=True)
class Listed:
    """``token`` asks for what changes from now on, ``page`` for the rest of this list."""

    events: tuple[Occurrence, ...] = ()
    token: str = ""
    page: str = ""


def account(client: Client, token: Mapping[str, Any]) -> Account:
    """Whoever connects is who their own calendar is called after. The name for it here is none that
    an event can bring: an invitation may name any address as who organises it.

    https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/get"""
    own = line(record(client.get("/users/me/calendarList/primary").json).get("id"))
    return Account(
        uid=f"account:{own}" if own else "",
        login=own,
        email=own,
        secrets={"access_token": token["access_token"]},
    )


def revoke(client: Client, secrets: Mapping[str, Any]) -> None:
    """What has ended already is refused with 400.
    https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke"""
    token = secrets.get("refresh_token") or secrets.get("access_token")
    answer = client.send("POST", "/revoke", data={"token": token})
    if answer.status != 400:
        client.judge(answer, "/revoke")


def calendars(client: Client, query: str) -> Sequence[Choice]:
    """Those whose events can be read; of who has more than 250, the first.
    https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list"""
    asked = {"minAccessRole": "reader", "maxResults": 250}
    said = record(client.get("/users/me/calendarList", params=asked).json)
    named = [
        {**each, "name": line(each.get("summaryOverride")) or line(each.get("summary"))}
        for each in records(said.get("items"))
    ]
    return choices_of(named, query)


def check(client: Client, calendar: str) -> None:
    """Raises Failed, unless its events can be read."""
    client.get(_path(calendar), params={"maxResults": 1, "fields": "kind"})


def changed(client: Client, calendar: str, *, token: str, since: datetime) -> Listed:
    """What has changed since the token was given; where there is none, or Google does not know any
    more, everything that was not over then.
    https://developers.google.com/workspace/calendar/api/guides/sync"""
    if token:
        try:
            return _whole(client, calendar, syncToken=token)
        except Stale:
            pass
    return _whole(client, calendar, timeMin=stamp(since))


def between(client: Client, calendar: str, *, begin: datetime, end: datetime) -> Listed:
    """What was under way at any time between the two."""
    if begin >= end:
        return Listed()
    return _whole(client, calendar, timeMin=stamp(begin), timeMax=stamp(end))


def _whole(client: Client, calendar: str, **asked: str) -> Listed:
    found: list[Occurrence] = []
    for _ in range(MOST_PAGES):
        listed = listing(client, calendar, **asked)
        found += listed.events
        if not listed.page:
            return Listed(tuple(found), listed.token)
        asked["pageToken"] = listed.page
    raise Again("Google Calendar answered in more pages than we read.")


def listing(client: Client, calendar: str, **asked: str) -> Listed:
    """One page. Raises Stale for a token that is too old."""
    path = _path(calendar)
    answer = client.send("GET", path, params={**ASKED, **asked})
    if answer.status == 410:
        raise Stale("Google Calendar no longer knows what has changed since we asked last.")
    client.judge(answer, path)
    said = record(answer.json)
    zone = Zone.of(line(said.get("timeZone")))
    events = tuple(occurrence(each, zone) for each in records(said.get("items")))
    return Listed(events, line(said.get("nextSyncToken")), line(said.get("nextPageToken")))


def stamp(moment: datetime) -> str:
    """Google counts in whole seconds."""
    return moment.isoformat(timespec="seconds")


def _path(calendar: str) -> str:
    return f"/calendars/{quote(calendar, safe='')}/events"
