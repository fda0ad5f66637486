"""What happened to an alert at Opsgenie: https://docs.opsgenie.com/docs/marid-alert-action-data"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    instant,
    json_object,
    line,
    lines,
    record,
)

#: ``updatedAt`` counts billionths of a second.
NANOSECONDS = 1_000_000_000


def told(body: Any) -> Event:
    body = json_object(body, "What Opsgenie sends")
    action, alert = line(body.get("action")), record(body.get("alert"))
    if action != "Close":
        happened = f"“{action}”" if action else "without a name"
        why = f"An alert makes an entry once it is closed; this event is {happened}."
        return Ignored(Reason.UNSUPPORTED, why)
    who = _who(alert)
    if who is None:
        return Ignored(Reason.FILTERED, "It was closed by itself: Opsgenie names nobody.")
    return _closed(alert, who)


def _closed(alert: Mapping[str, Any], who: Actor) -> Draft:
    number, at = line(alert.get("tinyId")), _at(alert)
    named = f"“{line(alert.get('message')) or 'without a message'}”"
    return Draft(
        body=f"Closed the alert {named}" + f" (#{number})" * bool(number),
        key=f"alert:{line(alert.get('alertId'))}",
        occurred_at=at,
        as_of=at,
        actor=who,
        labels=tuple(lines(alert.get("tags"))),
    )


def _at(alert: Mapping[str, Any]) -> datetime | None:
    return instant(alert.get("updatedAt"), per_second=NANOSECONDS)


def _who(alert: Mapping[str, Any]) -> Actor | None:
    """Integrations and policies close alerts, too, and have no mail address. Who closes one by the
    API may give any: https://docs.opsgenie.com/docs/alert-api#close-alert"""
    uid, login = line(alert.get("userId")), line(alert.get("username"))
    if not uid or "@" not in login:
        return None
    return Actor(uid=uid, login=login, email=login)
