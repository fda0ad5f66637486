from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from idonethis.accounts.models import User
from idonethis.assistants.asking import Refused
from idonethis.assistants.telling import Status
from idonethis.entries import text
from idonethis.entries.drafts import Draft
from idonethis.entries.programs import draft_of


class Said(BaseModel):
    """What an assistant would log, read by the one parser that reads all that people type."""

    text: str = Field(
        min_length=1,
        max_length=10_000,
        description="One entry. [] at its beginning marks a goal, [x] a done, ! a blocker; #tags "
        "and @people are found in it",
    )
    team: str = Field("", max_length=100, description="Its id or name; needed with several teams")
    status: Status = Field("done", description="Where the text has no mark")
    day: date | None = Field(None, description="Such as 2026-11-24; without it, today")

    def draft(self, user: User, key: str = "") -> Draft:
        """Raises Refused."""
        line = text.parse_whole(self.text, kind=self.status)
        if not line.body:
            raise Refused("There is nothing in the text. Nothing was logged.")
        if line.rest:
            raise Refused(
                f"The text is longer than {text.LONGEST} characters. Nothing was logged. Say it "
                "in fewer words, or as several entries."
            )
        return draft_of(line, user=user, key=key, day=self.day)
