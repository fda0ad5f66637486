from __future__ import annotations

from typing import Any

from idonethis.entries.said import Said, numbers, said
from idonethis.mailing.models.writing import Back, Writing, long_ago

#: So much is shown: of each person, and of the person's own past.
LINES, OLD_LINES = 30, 3


class Digest(Writing):
    """What the team got done on a day; nothing, where it was quiet."""

    template = "digest"

    @property
    def is_worth_it(self) -> bool:
        return self.of_day(self.day).exists()

    @property
    def subject(self) -> str:
        told = numbers(said(entry) for entry in self.of_day(self.day))
        day = f"{self.day:%a} {self.day.day} {self.day:%b}"
        return f"{self.team}, {day}: {told or 'nothing logged'}"

    @property
    def facts(self) -> dict[str, Any]:
        people: dict[str, list[Said]] = {}
        for entry in self.of_day(self.day):
            people.setdefault(str(entry.user), []).append(said(entry))
        shown = [(who, lines[:LINES], len(lines[LINES:])) for who, lines in people.items()]
        return {"people": shown, "back": self._flashback()}

    def _flashback(self) -> Back | None:
        """The oldest there is of what its reader wrote themselves."""
        for ago, day in long_ago(self.day).items():
            mine = self.of_day(day).for_user(self.user)[:OLD_LINES]
            if lines := [said(entry) for entry in mine]:
                return Back(ago, day, lines)
        return None
