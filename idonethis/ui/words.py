from __future__ import annotations

from collections.abc import Sequence


def numbered(count: int, one: str, more: str) -> str:
    """``1 event is`` or ``2 events are``: a number with the words that agree with it."""
    return f"{count:,} {one if count == 1 else more}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """``one, two and three``; with another ``last``, such as or."""
    *some, end = words
    return f"{', '.join(some)} {last} {end}" if some else end
