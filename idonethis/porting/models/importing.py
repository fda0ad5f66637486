"""What was read of elsewhere, brought into a team a part at a time."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from django.db import transaction

from idonethis.accounts.models import User
from idonethis.entries.models import Entry
from idonethis.integrations.http import Never
from idonethis.integrations.models import Job, Undo
from idonethis.integrations.models.work import Step, Work
from idonethis.integrations.values import Reason
from idonethis.porting.models import sorting
from idonethis.porting.models.of_upload import OfUpload
from idonethis.porting.models.sorting import Sorting
from idonethis.porting.models.storing import Storing
from idonethis.porting.models.ties import tie
from idonethis.porting.models.upload import Upload
from idonethis.porting.models.whose import Whose

WORDS = {
    sorting.NEW: ("new entry", "new entries"),
    sorting.SAME: ("entry that was here before", "entries that were here before"),
    sorting.DELETED: ("entry deleted here, and stays so", "entries deleted here, and stay so"),
    sorting.WAITING: ("row waits for its person", "rows wait for their people"),
    "refused": ("line that cannot be read", "lines that cannot be read"),
    "comments": ("comment by somebody unknown left out", "comments by people unknown left out"),
    "likes": ("like by somebody unknown left out", "likes by people unknown left out"),
}  # fmt: skip


class Import(OfUpload, Work):
    """Rows become entries first; then those that complete another one are tied to it."""

    kind = "import"
    words = WORDS

    @classmethod
    @transaction.atomic
    def begin(cls, upload: Upload, *, user: User | None) -> Job:
        """The one that is at it for this upload, or a new one."""
        asked = {"upload": upload.hash_id, "name": upload.name}
        running = Job.objects.running().filter(kind=cls.kind, asked__upload=upload.hash_id).first()
        return running or Job.begin(
            cls.kind, team=upload.team, user=user, asked=asked, total=upload.rows
        )

    @property
    def title(self) -> str:
        return f"Import of {self.job.asked['name']}"

    def fetch(self) -> Upload:
        if upload := self.upload:
            return upload
        raise Never("What was uploaded is no longer kept. Upload it again.")

    def apply(self, fetched: Upload) -> Step:
        number = self.job.cursor.get("part", 0)
        rows = fetched.part(number)
        ties = self.job.cursor.get("ties", False)
        if not rows:
            return self._turn(fetched, is_over=ties)
        following = {"ties": ties, "part": number + 1}
        if ties:
            tie(fetched.team, rows, imported=self.job.hash_id)
            return Step(following, total=fetched.rows)
        results = self._bring(fetched, rows)
        reasons = Counter({str(Reason.NO_PERSON): results[sorting.WAITING]})
        return Step(
            following, done=len(rows), total=fetched.rows, results=results, reasons=+reasons
        )

    def _turn(self, upload: Upload, *, is_over: bool) -> Step:
        """What is wholly brought in need not be kept."""
        if not is_over:
            return Step({"ties": True, "part": 0}, total=upload.rows)
        refused = Counter({"refused": upload.refused_count})
        if not refused.total() and not self.job.results.get(sorting.WAITING):
            upload.delete()
        return Step(None, total=upload.rows, results=+refused)

    def _bring(self, upload: Upload, rows: list[Any]) -> Counter[str]:
        whose = Whose(upload.team, upload.people)
        found = Sorting(whose, self.job.hash_id).sort(rows)
        storing = Storing(whose, self.job.hash_id, self.job.created_at)
        storing.store(found.fresh)
        for key in found.strangers:
            whose.note(key)
        return found.results + storing.left_out

    @property
    def undo(self) -> str:
        made = Entry.objects.brought_by(self.job.hash_id).exists()
        return Unimport.kind if made else ""


class Unimport(Undo):
    """An entry comes with its past: only what was done to it here, since, makes it somebody's."""

    kind = "unimport"
    words: ClassVar = Undo.words

    def is_as_brought(self, entry: Entry) -> bool:
        began = Job.objects.get(hash_id=self.imported).created_at
        joined = entry.sources.exclude(imported=self.imported).exists()
        talked = entry.comments.filter(created_at__gte=began).exists()
        return not (entry.updated_at > began or joined or talked)
