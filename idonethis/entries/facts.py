"""An entry as programs read it."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from idonethis.entries.models import Entry
from idonethis.entries.text import one_line
from idonethis.ui.linkify import linkify


def facts(entry: Entry) -> dict[str, Any]:
    """The fields that the API has always had, and after them those that are new."""
    team, user = entry.team, entry.user
    return {
        "hash_id": entry.hash_id,
        "body": entry.body,
        "body_formatted": str(linkify(entry.body)),
        "status": entry.kind,
        "occurred_on": entry.occurred_on,
        "completed_on": entry.completed_on,
        "archived_at": entry.archived_at,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
        "team": {"name": team.name, "hash_id": team.hash_id},
        "user": {
            "email_address": user.email,
            "full_name": one_line(str(user)),
            "hash_id": user.hash_id,
        },
        "url": entry.url or None,
        "tags": [tag.name for tag in entry.tags.all()],
        "page": settings.BASE_URL + entry.get_absolute_url(),
    }


def gone(entry: Entry) -> dict[str, Any]:
    """Of one that was removed no more than its name: what it said is not said once more."""
    team = entry.team
    return {
        "hash_id": entry.hash_id,
        "deleted": True,
        "team": {"name": team.name, "hash_id": team.hash_id},
    }
