"""An import taken back."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from idonethis.entries.models import Entry
from idonethis.integrations.models.job import Job
from idonethis.integrations.models.work import Step, Work

#: Entries of one step.
BATCH = 50


class Undo(Work):
    """Takes away exactly what an import brought. What a person has changed since stays, and so does
    what came in by itself, too. Repeated, it finds nothing more to do."""

    kind = "undo"
    words: ClassVar = {
        "removed": ("entry removed", "entries removed"),
        "lightened": ("entry lost what was added to it", "entries lost what was added to them"),
        "kept": ("changed entry kept", "changed entries kept"),
        "gone": ("entry was deleted already", "entries were deleted already"),
    }

    @property
    def imported(self) -> str:
        """The import that is taken back."""
        return str(self.job.asked["job"])

    @property
    def title(self) -> str:
        return f"Undo of: {Job.objects.get(hash_id=self.imported)}"

    def apply(self, fetched: None) -> Step:
        """First the entries that it made, then those to which it added something."""
        joined, after = self.job.cursor.get("joined", False), self.job.cursor.get("after", 0)
        brought = Entry.objects.joined_by if joined else Entry.objects.brought_by
        entries = list(brought(self.imported).filter(pk__gt=after).order_by("pk")[:BATCH])
        if not entries:
            return Step(None if joined else {"joined": True}, total=self._total)
        total, cursor = self._total, {"joined": joined, "after": entries[-1].pk}
        take_back = self._lighten if joined else self._remove
        results = Counter(take_back(entry) for entry in entries)
        return Step(cursor, done=len(entries), total=total, results=results)

    @property
    def _total(self) -> int:
        made, joined = Entry.objects.brought_by, Entry.objects.joined_by
        return self.job.total or made(self.imported).count() + joined(self.imported).count()

    def _remove(self, entry: Entry) -> str:
        entry.wait_for_others()
        if entry.deleted_at:
            return "gone"
        if not self.is_as_brought(entry):
            return "kept"
        entry.delete()
        return "removed"

    def is_as_brought(self, entry: Entry) -> bool:
        return entry.is_as_imported

    def _lighten(self, entry: Entry) -> str:
        return "lightened" if entry.let_go_of(self.imported) else "kept"
