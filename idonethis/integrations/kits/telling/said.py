"""What a tool is told: as https://www.standardwebhooks.com says, or as the API of I Done This has
always told its hooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from idonethis.entries.facts import facts, gone
from idonethis.entries.models import Entry
from idonethis.integrations.base import News

WORDS = {News.CREATED: "new", News.UPDATED: "changed", News.DELETED: "removed"}
#: What a tool is shown when it is connected, so that it knows the fields.
SAMPLE: Mapping[str, Any] = {
    "hash_id": "0123456789ab",
    "body": "I Done This tells of entries here from now on.",
    "body_formatted": "I Done This tells of entries here from now on.",
    "status": "done",
    "occurred_on": "2026-11-24",
    "completed_on": None,
    "archived_at": None,
    "created_at": "2026-11-24T09:30:00Z",
    "updated_at": "2026-11-24T09:30:00Z",
    "team": {"name": "Analytical Engines", "hash_id": "0123456789ab"},
    "user": {
        "email_address": "ada@example.org",
        "full_name": "Ada Lovelace",
        "hash_id": "0123456789ab",
    },
    "url": None,
    "tags": [],
    "page": "https://log.example.org/e/0123456789ab",
}


@dataclass(frozen=True)
class Telling:
    """What is posted: JSON, and the headers that belong to it."""

    content: Any
    headers: Mapping[str, str]

    @property
    def body(self) -> bytes:
        return orjson.dumps(self.content)


def standard(news: News, entry: Entry) -> Telling:
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
    said = gone(entry) if news is News.DELETED else facts(entry)
    content = {"type": news, "timestamp": _when(news, entry), "data": said}
    return Telling(content, {"webhook-id": _name(news, entry)})


def as_ever(news: News, entry: Entry) -> Telling:
    said = gone(entry) if news is News.DELETED else facts(entry)
    return Telling([said], {"webhook-id": _name(news, entry), "x-idt-event": news})


TELLINGS: Mapping[str, Callable[[News, Entry], Telling]] = {"standard": standard, "v2": as_ever}


def telling(shape: str, news: News, entry: Entry) -> Telling:
    return TELLINGS.get(shape, standard)(news, entry)


def _when(news: News, entry: Entry) -> datetime | None:
    if news is News.CREATED:
        return entry.created_at
    return entry.deleted_at if news is News.DELETED else entry.updated_at


def _name(news: News, entry: Entry) -> str:
    """The same for the same news, however often it is sent, and to whomever."""
    return f"msg_{entry.hash_id}_{entry.revision}_{WORDS[news]}"


def ping() -> Telling:
    """Before there is anything to tell."""
    return Telling({"type": "ping", "timestamp": datetime.now(UTC), "data": SAMPLE}, {})
