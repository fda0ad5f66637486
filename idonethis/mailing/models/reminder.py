from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.entries.said import said
from idonethis.mailing.models.writing import Writing

#: So many open goals are shown.
GOALS = 10


class Reminder(Writing):
    """Asks what somebody got done, where the day holds nothing of theirs yet."""

    template = "reminder"

    @property
    def is_worth_it(self) -> bool:
        return self.choice.membership.writes and self._is_today and not self._has_written

    @property
    def _is_today(self) -> bool:
        return self.user.day_of(timezone.now()) == self.day

    @property
    def _has_written(self) -> bool:
        return self.of_day(self.day).for_user(self.user).exists()

    @property
    def answers_for(self) -> date:
        return self.day

    @property
    def subject(self) -> str:
        return f"{self.team}: {self.team.done_prompt} ({self.day:%a} {self.day.day} {self.day:%b})"

    @property
    def facts(self) -> dict[str, Any]:
        goals = Entry.objects.for_team(self.team).for_user(self.user).carried_over_to(self.day)
        return {
            "prompt": self.team.done_prompt,
            "open": [said(each) for each in goals.order_by("-pk")[:GOALS]],
            "is_last": self.choice.is_last,
        }
