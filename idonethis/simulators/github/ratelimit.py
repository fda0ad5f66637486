"""The primary rate limit: so many calls an hour for each account."""

from __future__ import annotations

from dataclasses import dataclass, field

HOUR = 3600


@dataclass
class Window:
    reset: int
    used: int = 0


@dataclass
class RateLimit:
    """Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"""

    limit: int = 5_000
    windows: dict[str, Window] = field(default_factory=dict)

    def spend(self, login: str, *, now: float) -> bool:
        """Count one call; False when the account had none left."""
        window = self._window(login, now=now)
        if window.used >= self.limit:
            return False
        window.used += 1
        return True

    def headers(self, login: str, *, now: float) -> dict[str, str]:
        window = self._window(login, now=now)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - window.used),
            "X-RateLimit-Used": str(window.used),
            "X-RateLimit-Reset": str(window.reset),
            "X-RateLimit-Resource": "core",
        }

    def exhaust(self, login: str, *, now: float, seconds: int) -> None:
        """Leave the account nothing for so many seconds."""
        self.windows[login] = Window(reset=int(now) + seconds, used=self.limit)

    def _window(self, login: str, *, now: float) -> Window:
        window = self.windows.get(login)
        if window is None or window.reset <= now:
            window = self.windows[login] = Window(reset=int(now) + HOUR)
        return window
