"""How fast one link may send: generous, so that nobody notices who is not in a storm."""

from __future__ import annotations

import time
from collections.abc import Hashable

from django.conf import settings

#: Links that are remembered. Beyond it those whose bucket is full are forgotten, which changes
#: nothing for them.
MOST = 20_000


class Limits:
    """A bucket for each link, which HOOK_RATE a second fill up to HOOK_BURST. All that is kept of
    one is the moment at which it will be full again."""

    def __init__(self) -> None:
        self._full_at: dict[Hashable, float] = {}

    def admits(self, link: Hashable) -> bool:
        """Whether there is one left in the bucket of this link, and takes it."""
        if not settings.HOOK_RATE:
            return True
        now = time.monotonic()
        full_at = max(self._full_at.get(link, now), now) + 1 / settings.HOOK_RATE
        if full_at - now > settings.HOOK_BURST / settings.HOOK_RATE:
            return False
        if len(self._full_at) >= MOST:
            self._forget(now)
        self._full_at[link] = full_at
        return True

    def _forget(self, now: float) -> None:
        self._full_at = {link: at for link, at in self._full_at.items() if at > now}
        if len(self._full_at) >= MOST:
            self._full_at.clear()


LIMITS = Limits()
