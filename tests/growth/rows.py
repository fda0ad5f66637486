"""Rows as they are stored in bulk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import zstandard
from django.utils import timezone

from idonethis.integrations.models import IntegrationLink, Receipt, Suggestion

BODY = b'{"method":"POST","query":"","headers":{}}\n{"type":"nothing"}'
REQUEST = zstandard.compress(BODY, 1)
#: So much is done on a day.
A_DAY = 10


def at(number: int) -> datetime:
    """When the number-th was done, counted backwards."""
    return timezone.now() - timedelta(hours=1, days=number // A_DAY, minutes=number % A_DAY)


def receipt(link: IntegrationLink, key: str, **more: Any) -> Receipt:
    return Receipt(
        integration_type="acme",
        link_id=link.pk,
        read_for=link.pk,
        delivery_key=key,
        event="done",
        request=REQUEST,
        **{"state": "done", "attempts": 1, "received_at": timezone.now(), **more},
    )


def suggestion(link: IntegrationLink, key: str, state: str, *, moved: datetime) -> Suggestion:
    """To whoever made the link."""
    return Suggestion(
        team=link.team,
        user=link.user,
        link=link,
        key=key,
        kind="done",
        body="Cast a gear",
        day=moved.date(),
        state=state,
        moved_at=moved,
        expires_at=moved + timedelta(days=14),
    )
