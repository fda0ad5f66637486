"""Subscriptions by which Microsoft says that something has changed in the calendars of an account.
They hold for a week at most: https://learn.microsoft.com/en-us/graph/api/resources/subscription"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from django.utils import timezone

from idonethis.integrations.base import (
    Client,
    Gone,
    MadeHook,
    Secret,
    StandingHook,
    instant,
    line,
    record,
)

#: Some minutes less than is allowed: the clock there may be behind ours.
TERM = timedelta(days=7, minutes=-10)


def subscribe(client: Client, *, url: str, secret: Secret) -> MadeHook:
    """Tries the address before it answers: https://learn.microsoft.com/en-us/graph/api/subscription-post-subscriptions"""
    until = timezone.now().replace(microsecond=0) + TERM
    asked = {
        "changeType": "created,updated,deleted",
        "notificationUrl": url,
        "resource": "me/events",
        "expirationDateTime": until.isoformat(),
        "clientState": str(secret),
    }
    made = record(client.post("/subscriptions", json=asked).json)
    ends = instant(made.get("expirationDateTime"))
    return MadeHook(line(made.get("id")), until=ends or until)


def standing(client: Client, name: str) -> StandingHook | None:
    """https://learn.microsoft.com/en-us/graph/api/subscription-get"""
    if not name:
        return None
    try:
        said = record(client.get(_path(name)).json)
    except Gone:
        return None
    return StandingHook(name, line(said.get("notificationUrl")))


def end(client: Client, name: str) -> None:
    """https://learn.microsoft.com/en-us/graph/api/subscription-delete"""
    if not name:
        return
    try:
        client.delete(_path(name))
    except Gone:
        return


def _path(name: str) -> str:
    return f"/subscriptions/{quote(name, safe='')}"
