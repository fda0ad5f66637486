"""What was over before the link was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from idonethis.integrations.base import Client, PastPage, instant, line
from idonethis.integrations.kits.calendars import Occurrence
from idonethis.integrations.kits.looks import hook_of
from idonethis.partners.google_calendar import api


def page(client: Client, calendar: str, *, since: datetime, cursor: Mapping[str, Any]) -> PastPage:
    """All pages answer the same question, so when it was asked goes along."""
    until = instant(cursor.get("until")) or timezone.now()
    asked = {"timeMin": api.stamp(since), "timeMax": api.stamp(until)}
    rest = {"pageToken": line(cursor.get("page"))} if cursor else {}
    listed = api.listing(client, calendar, **asked, **rest)
    hooks = tuple(hook_of(each, until) for each in listed.events if was_over(each, since, until))
    more = {"until": until.isoformat(), "page": listed.page} if listed.page else None
    return PastPage(hooks, more, seen=len(listed.events))


def was_over(each: Occurrence, since: datetime, until: datetime) -> bool:
    ends = instant(each["ends"])
    return ends is not None and since < ends <= until
