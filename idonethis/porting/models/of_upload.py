from __future__ import annotations

from idonethis.integrations.models.work import Asked
from idonethis.porting.models.upload import Upload


class OfUpload:
    """What long work on one upload knows of it."""

    job: Asked

    @property
    def upload(self) -> Upload | None:
        """Nothing, where it is kept no longer."""
        found = Upload.objects.select_related("team")
        return found.filter(hash_id=self.job.asked["upload"]).first()

    @property
    def again(self) -> str:
        upload = self.upload
        return upload.get_absolute_url() if upload and upload.is_whole else ""
