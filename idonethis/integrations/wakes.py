"""Integrations that poll, and whose partner says when that is worth it."""

from __future__ import annotations

from idonethis.integrations.incoming import Receives
from idonethis.integrations.reads import Polls
from idonethis.integrations.values import Hook


class Wakes(Polls, Receives):
    """What comes in says no more than that something has changed. It is not stored; the partner is
    asked at once, and not only after ``every``. One that gets lost costs that wait and no event, so
    a link does without where the partner makes no webhook."""

    def check_readable(self, hook: Hook) -> None:
        """Nothing in it is read."""
