"""Reading JSON of others, in which anything may be null or of another shape than documented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from idonethis.entries.text import one_line


def record(value: Any) -> Mapping[str, Any]:
    """A JSON object; an empty one, where something else stands."""
    return value if isinstance(value, dict) else {}


def records(value: Any) -> list[Mapping[str, Any]]:
    """The JSON objects of a list; none, where something else stands."""
    return [record(each) for each in value] if isinstance(value, list) else []


def line(value: Any) -> str:
    """The first line of a text, or a number as it is written; nothing, where something else
    stands."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return one_line(value) if isinstance(value, str) else ""


def lines(value: Any) -> list[str]:
    """The texts of a JSON list; none, where something else stands."""
    return list(map(line, value)) if isinstance(value, list) else []


def instant(value: Any, *, per_second: int = 1) -> datetime | None:
    """An instant as ISO 8601, or as a number that counts ``per_second`` since 1970; None, where it
    is no time, or none in which anybody has done anything."""
    try:
        if isinstance(value, int | float):
            return _sound(datetime.fromtimestamp(value / per_second, UTC))
        return _sound(datetime.fromisoformat(str(value or "")))
    except (ValueError, OverflowError, OSError):
        return None


def _sound(parsed: datetime) -> datetime | None:
    """No time zone can push these years over the edge of what a date may be."""
    aware = parsed.replace(tzinfo=parsed.tzinfo or UTC)
    return aware if 1970 <= aware.year < 9000 else None
