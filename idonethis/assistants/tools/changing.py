from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from idonethis.assistants.asking import Asking, Refused
from idonethis.assistants.telling import EntryTold, Told, entry_told
from idonethis.assistants.tool import Adds, Answer, Removes
from idonethis.entries.models import Entry
from idonethis.entries.models.entry import ADMINS_RESTORE


class Changed(Told):
    state: Literal["changed", "as before"]
    says: str
    entry: EntryTold


def _answer(entry: Entry, says: str, *, before: bool = False) -> Answer:
    entry.refresh_from_db()
    told = Changed(state="as before" if before else "changed", says=says, entry=entry_told(entry))
    return Answer(told, about=entry.hash_id, team=entry.team)


class Complete(Adds):
    """Completes a goal, or says that a blocker is out of the way: that is a done of today, tied to
    it."""

    name: ClassVar[str] = "complete"
    title: ClassVar[str] = "Complete a goal or a blocker"
    gives: ClassVar[type[BaseModel]] = Changed

    entry: str = Field(max_length=40, description="Its id, from day or search")

    def answer(self, asking: Asking) -> Answer:
        found = asking.changeable(self.entry)
        if found.completed_on and not found.deleted_at:
            return _answer(found, "It was completed before. Nothing changed.", before=True)
        if not found.is_open:
            raise Refused(
                "It is no goal or blocker that is still open. Nothing changed. The tool day lists "
                "those that are, under open_before and entries."
            )
        found.complete(on=found.user.today())
        return _answer(found, "It is completed, and there is a done of today. reopen undoes that.")


class Reopen(Removes):
    """Opens a goal or a blocker again that was completed; the done that this had made goes."""

    name: ClassVar[str] = "reopen"
    title: ClassVar[str] = "Open a goal or a blocker again"
    gives: ClassVar[type[BaseModel]] = Changed

    entry: str = Field(max_length=40, description="Its id, from day or search")

    def answer(self, asking: Asking) -> Answer:
        found = asking.changeable(self.entry)
        if found.deleted_at or not found.completed_on:
            return _answer(found, "It was not completed. Nothing changed.", before=True)
        found.reopen(by=asking.user)
        return _answer(found, "It is open again, and its done is gone. complete undoes that.")


class Restore(Adds):
    """Brings back an entry that was removed in the last 30 days."""

    name: ClassVar[str] = "restore"
    title: ClassVar[str] = "Bring a removed entry back"
    gives: ClassVar[type[BaseModel]] = Changed

    entry: str = Field(max_length=40, description="Its id")

    def answer(self, asking: Asking) -> Answer:
        found = asking.changeable(self.entry)
        if not found.deleted_at:
            return _answer(found, "It was not removed. Nothing changed.", before=True)
        if not found.can_restore(asking.user):
            raise Refused(ADMINS_RESTORE)
        if not found.can_come_back:
            raise Refused("It was removed more than 30 days ago, and stays so. Nothing changed.")
        found.restore()
        return _answer(found, "It is back in the log.")
