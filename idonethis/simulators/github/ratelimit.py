"""The primary rate limit: so many calls an hour for each account."""

from __future__ import annotations

from dataclasses import dataclass

from ..store import Record, Store

HOUR = 3600


@dataclass(frozen=True)
class RateLimit:
    """Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"""

    store: Store
    limit: int = 5_000

    def spend(self, login: str) -> bool:
        """Count one call; False when the account had none left."""
        window = self._window(login)
        if window["used"] >= self.limit:
            return False
        window["used"] += 1
        return True

    def headers(self, login: str) -> dict[str, str]:
        window = self._window(login)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - window["used"]),
            "X-RateLimit-Used": str(window["used"]),
            "X-RateLimit-Reset": str(window["reset"]),
            "X-RateLimit-Resource": "core",
        }

    def exhaust(self, login: str, *, seconds: int) -> None:
        """Leave the account nothing for so many seconds."""
        self._open(login, seconds)["used"] = self.limit

    def _window(self, login: str) -> Record:
        window: Record | None = self.store.table("rates").get(login)
        if window is None or window["reset"] <= self.store.now():
            return self._open(login, HOUR)
        return window

    def _open(self, login: str, seconds: int) -> Record:
        window = {"reset": int(self.store.now()) + seconds, "used": 0}
        self.store.table("rates")[login] = window
        return window
