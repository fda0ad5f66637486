"""Times as the partners write them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(at: float) -> str:
    return str(int(at * 1000))
