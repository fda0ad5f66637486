"""A sign of life that other processes can read: a file, since a database may be in trouble; and on
PostgreSQL, where they may be on other machines, the name of a session."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from idonethis import __version__, processes
from idonethis.background import Lane

#: How often it is written, in seconds.
EVERY = 5.0
#: After so many seconds without one, nobody is there.
SILENCE = 30.0

_part = "up"


def of(part: str) -> None:
    """Of which part this process gives a sign."""
    global _part
    _part = part


@dataclass(frozen=True)
class Heartbeat:
    """``at`` in seconds since 1970; ``lanes``: how long each has been at its turn, in seconds;
    ``stuck`` those that are at it for too long."""

    at: float
    pid: int
    version: str
    url: str
    lanes: dict[str, float]
    stuck: list[str]

    @classmethod
    def now(cls) -> Heartbeat:
        at_work = sorted(Lane.at_work, key=lambda lane: lane.name)
        lanes = {lane.name: round(lane.idle, 1) for lane in at_work}
        stuck = [lane.name for lane in at_work if lane.is_stuck]
        return cls(time.time(), os.getpid(), __version__, settings.BASE_URL, lanes, stuck)

    @classmethod
    def last(cls) -> Heartbeat | None:
        try:
            return cls(**json.loads(_path().read_text()))
        except (OSError, ValueError, TypeError):
            return None

    @property
    def age(self) -> float:
        return time.time() - self.at

    @property
    def is_recent(self) -> bool:
        return abs(self.age) < SILENCE


def _path() -> Path:
    return Path(settings.DATA / "heartbeat")


def end() -> None:
    """Who ends in order says so."""
    _path().unlink(missing_ok=True)


def beat() -> int:
    """Writes it anew; returns 0, since there is nothing to do at once again."""
    if settings.INBOX == "inbox":
        fresh = _path().with_suffix(".new")
        fresh.write_text(json.dumps(asdict(Heartbeat.now())))
        fresh.replace(_path())
    else:
        processes.sign(_part, Heartbeat.now().stuck)
    return 0
