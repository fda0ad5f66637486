"""How much partners take, as their documentation says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

#: Of what a partner takes, so much is ours to use up: the rest is for people who wait at a page,
#: and for requests that take longer on their way than the next ones.
OURS = 0.9
#: At once, of what it takes in a while.
AT_ONCE = 1 / 4
WHILES: dict[float, str] = {1: "a second", 60: "a minute", 3600: "an hour"}


class Each(Enum):
    """For what a partner counts: each link, each place there to which an account writes, each
    account that lets us in, or all that comes from this server."""

    LINK = "link"
    PLACE = "place"
    GRANT = "account"
    APPLICATION = "server"


@dataclass(frozen=True)
class Pace:
    """It takes so many requests within so many seconds, counted for each of something. Where it
    says how many it takes at once beside, that is its ``burst``."""

    most: int
    per: float = 1.0
    each: Each = Each.GRANT
    burst: int = 0

    def __str__(self) -> str:
        return f"{self.most} {WHILES.get(self.per) or f'in {self.per:g} seconds'}"

    @property
    def at_once(self) -> int:
        """So many go out together where nothing went out before."""
        return self.burst or max(1, round(self.most * AT_ONCE))

    @property
    def interval(self) -> float:
        """From one to the next where more wait, in seconds. Whatever goes out at once is a part of
        what goes out within the while, unless the partner takes it beside."""
        steady = self.most if self.burst else self.most - self.at_once + 1
        return self.per / steady / OURS

    @property
    def rest(self) -> float:
        """How long a rest is, after which no more may go out at once than after any longer one."""
        return (self.at_once - 1) * self.interval


#: Of partners that say nothing.
USUAL = (Pace(300, per=60),)
