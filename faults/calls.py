"""What the journal of a pretend partner tells about how it was treated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

Call = Mapping[str, Any]


def to_channel(calls: Iterable[Call], channel: str) -> list[Call]:
    """In the order in which they came."""
    posts = (call for call in calls if call["path"] == "/api/chat.postMessage")
    mine = (call for call in posts if call["body"].get("channel") == channel)
    return sorted(mine, key=lambda call: call["at"])


def within_wait(calls: Iterable[Call], seconds: float) -> int:
    """How many came within so many seconds of a call that was told to wait so long. The journal
    takes a call's time when it comes, and we may wait from when we hear: a moment is forgiven."""
    return sum(
        before["status"] == 429 and after["at"] - before["at"] < seconds - 0.1
        for before, after in pairwise(calls)
    )


def densest(calls: Iterable[Call], seconds: float) -> int:
    """The most that came within so many seconds."""
    times = [call["at"] for call in calls]
    return max((sum(begin <= at < begin + seconds for at in times) for begin in times), default=0)
