"""Another server's entries, read page by page until all can be looked at. None is brought in
yet."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar, NamedTuple

from django.db import transaction

from idonethis.accounts.models import User
from idonethis.integrations.http import Never
from idonethis.integrations.models import Job
from idonethis.integrations.models.work import Step, Work
from idonethis.keys import Sealed
from idonethis.porting.brought import Read
from idonethis.porting.models.of_upload import OfUpload
from idonethis.porting.models.upload import Upload
from idonethis.porting.remote import Page, Remote, There
from idonethis.teams.models import Team

#: Entries of another server that are read.
MOST = 1_000_000


class Fetched(NamedTuple):
    upload: Upload
    page: Page


class Collect(OfUpload, Work):
    """Goes on where it stopped, whatever stopped it. The token goes with the last page."""

    kind = "collect"
    words: ClassVar = {
        "read": ("entry read, to be looked at", "entries read, to be looked at"),
        "refused": ("entry that cannot be read", "entries that cannot be read"),
    }

    @classmethod
    @transaction.atomic
    def begin(cls, team: Team, *, address: str, token: str, there: There, user: User | None) -> Job:
        name = f"{there.name} of {address}"
        upload = Upload.objects.keep(Read([], {}), team=team, name=name, user=user)
        upload.address, upload.token = address[:300], token
        upload.save()
        asked = {"upload": upload.hash_id, "name": upload.name, "there": there.hash_id}
        return Job.begin(cls.kind, team=team, user=user, asked=asked)

    @property
    def title(self) -> str:
        return f"Reading {self.job.asked['name']}"

    def fetch(self) -> Fetched:
        upload = self.upload
        if upload is None or not upload.sealed_token:
            raise Never("What lets us in there is no longer kept. Begin anew.")
        if upload.rows > MOST:
            raise Never(f"It has more than {MOST:,} entries, and what has no end is not read.")
        try:
            remote = Remote(upload.address, upload.token)
        except Sealed as problem:
            raise Never(f"{problem} Begin anew.") from problem
        return Fetched(upload, remote.page(self.job.asked["there"], self.job.cursor))

    def apply(self, fetched: Fetched) -> Step:
        upload, page = fetched
        upload.add(page.read)
        if page.cursor is None:
            upload.token = ""
            upload.save(update_fields=["sealed_token"])
        results: Counter[Any] = Counter(
            {"read": len(page.read.rows), "refused": len(page.read.refused)}
        )
        return Step(page.cursor, done=page.seen, results=+results)
