"""The calls we make to Microsoft Graph: https://learn.microsoft.com/en-us/graph/api/overview"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from django.utils import timezone

from idonethis.integrations.base import (
    Account,
    Again,
    Choice,
    Client,
    PastPage,
    choices_of,
    instant,
    line,
    record,
    records,
)
from idonethis.integrations.kits.calendars import Occurrence
from idonethis.integrations.kits.looks import hook_of
from idonethis.partners.outlook_calendar.events import is_work, occurrence

#: What an answer may be split into. More pages than any month has.
MOST_PAGES = 100
SELECT = (
    "id,subject,start,end,isAllDay,isCancelled,showAs,sensitivity,responseStatus,webLink,organizer,"
    "attendees,lastModifiedDateTime"
)


def account(client: Client, token: Mapping[str, Any]) -> Account:
    """The name for it here is none that an event can bring: an invitation may name any address as
    who organises it. https://learn.microsoft.com/en-us/graph/api/user-get"""
    me = record(client.get("/me", params={"$select": "id,mail,userPrincipalName"}).json)
    own, mail = line(me.get("id")), line(me.get("mail")) or line(me.get("userPrincipalName"))
    return Account(
        uid=f"account:{own}" if own else "",
        login=mail,
        email=mail,
        secrets={"access_token": token["access_token"]},
    )


def calendars(client: Client, query: str) -> Sequence[Choice]:
    """Of who has more than a hundred, the first.
    https://learn.microsoft.com/en-us/graph/api/user-list-calendars"""
    asked = {"$select": "id,name", "$top": 100}
    said = record(client.get("/me/calendars", params=asked).json)
    return choices_of(records(said.get("value")), query)


def check(client: Client, calendar: str) -> None:
    """Raises Failed, unless its events can be read."""
    client.get(f"/me/calendars/{quote(calendar, safe='')}", params={"$select": "id"})


def between(client: Client, calendar: str, *, begin: datetime, end: datetime) -> list[Occurrence]:
    """What was under way at any time between the two; of what recurs, each occurrence.
    https://learn.microsoft.com/en-us/graph/api/calendar-list-calendarview"""
    if begin >= end:
        return []
    found: list[Occurrence] = []
    asked = _asked(begin, end)
    for _ in range(MOST_PAGES):
        events, asked = _page(client, calendar, asked)
        found += events
        if not asked:
            return found
    raise Again("Outlook Calendar answered in more pages than we read.")


def past(client: Client, calendar: str, *, since: datetime, cursor: Mapping[str, Any]) -> PastPage:
    """All pages answer the same question, so when it was asked goes along."""
    until = instant(cursor.get("until")) or timezone.now().replace(microsecond=0)
    asked = dict(record(cursor.get("asked"))) or _asked(since, until)
    events, more = _page(client, calendar, asked)
    over = [each for each in events if _was_over(each, since, until)]
    following = {"until": until.isoformat(), "asked": more} if more else None
    return PastPage(tuple(hook_of(each, until) for each in over), following, seen=len(events))


def _page(
    client: Client, calendar: str, asked: Mapping[str, Any]
) -> tuple[list[Occurrence], dict[str, Any]]:
    """One page, and what to ask for the next; nothing after the last."""
    path = f"/me/calendars/{quote(calendar, safe='')}/calendarView"
    said = record(client.get(path, params=asked).json)
    events = [occurrence(each) for each in records(said.get("value")) if is_work(each)]
    return events, dict(parse_qsl(urlsplit(line(said.get("@odata.nextLink"))).query))


def _asked(begin: datetime, end: datetime) -> dict[str, Any]:
    span = {"startDateTime": begin.isoformat(), "endDateTime": end.isoformat()}
    return {**span, "$select": SELECT, "$top": 100}


def _was_over(each: Occurrence, since: datetime, until: datetime) -> bool:
    ends = instant(each["ends"])
    return ends is not None and since < ends <= until
