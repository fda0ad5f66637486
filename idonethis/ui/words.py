from __future__ import annotations


def numbered(count: int, one: str, more: str) -> str:
    """``1 event is`` or ``2 events are``: a number with the words that agree with it."""
    return f"{count:,} {one if count == 1 else more}"
