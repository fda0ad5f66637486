"""Channels by which Google says that a calendar has changed. They hold for a week at most, and
Google renews none: https://developers.google.com/workspace/calendar/api/guides/push"""

from __future__ import annotations

import uuid
from datetime import timedelta
from urllib.parse import quote

from django.utils import timezone

from idonethis.integrations.base import Client, Gone, MadeHook, Secret, instant, line, record

TERM = timedelta(days=7)
MILLISECONDS = 1000


def watch(client: Client, calendar: str, *, url: str, secret: Secret) -> MadeHook:
    """https://developers.google.com/workspace/calendar/api/v3/reference/events/watch"""
    asked = {
        "id": str(uuid.uuid4()),
        "type": "web_hook",
        "address": url,
        "token": str(secret),
        "params": {"ttl": str(int(TERM.total_seconds()))},
    }
    path = f"/calendars/{quote(calendar, safe='')}/events/watch"
    made = record(client.post(path, json=asked).json)
    ends = line(made.get("expiration"))
    until = instant(int(ends), per_second=MILLISECONDS) if ends.isdecimal() else None
    # By both its names, since it takes both to stop it.
    name = f"{asked['id']}/{line(made.get('resourceId'))}"
    return MadeHook(name, until=until or timezone.now() + TERM)


def stop(client: Client, name: str) -> None:
    """https://developers.google.com/workspace/calendar/api/v3/reference/channels/stop"""
    channel, _, resource = name.partition("/")
    if not channel:
        return
    try:
        client.post("/channels/stop", json={"id": channel, "resourceId": resource})
    except Gone:
        return
