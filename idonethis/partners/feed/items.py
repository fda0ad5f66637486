"""What stands in a feed, of whatever kind: https://feedparser.readthedocs.io/"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser
import orjson

from idonethis.integrations.base import Hook, Never, fingerprint, line

#: Of a feed that holds more, the first: they are the newest nearly everywhere.
MOST = 200
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Items:
    items: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, body: bytes) -> Items:
        """Raises Never for what is no feed. Nothing is fetched, and no markup is kept."""
        parsed = feedparser.parse(body, sanitize_html=True, resolve_relative_uris=False)
        if not parsed.get("version"):
            raise Never("What stands at this address is no RSS or Atom feed.")
        return cls(tuple(_item(each) for each in parsed.entries[:MOST]))

    @property
    def ids(self) -> list[str]:
        return [each["id"] for each in self.items]

    def hooks(self, *, without: Collection[str]) -> tuple[Hook, ...]:
        """Oldest first."""
        known = set(without)
        fresh = [each for each in self.items if each["id"] not in known]
        return tuple(Hook(orjson.dumps(each), JSON) for each in reversed(fresh))


def _item(entry: Mapping[str, Any]) -> dict[str, Any]:
    name = line(entry.get("id")) or line(entry.get("link")) or line(entry.get("title"))
    return {
        "id": name if len(name) <= 150 else fingerprint(name.encode()),
        "title": line(entry.get("title")),
        "link": line(entry.get("link")),
        "author": line(entry.get("author"))[:100],
        "published": _at(entry.get("published_parsed") or entry.get("updated_parsed")),
    }


def _at(parsed: Any) -> str:
    """The library gives times in UTC, in parts."""
    if not isinstance(parsed, struct_time):
        return ""
    try:
        return datetime(*parsed[:6], tzinfo=UTC).isoformat()
    except ValueError:
        return ""
