"""Reading JSON of others, in which anything may be null or of another shape than documented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def record(value: Any) -> Mapping[str, Any]:
    """A JSON object; an empty one, where something else stands."""
    return value if isinstance(value, dict) else {}


def records(value: Any) -> list[Mapping[str, Any]]:
    """The JSON objects of a list; none, where something else stands."""
    return [record(each) for each in value] if isinstance(value, list) else []
