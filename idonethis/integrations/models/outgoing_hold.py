from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone

from idonethis.audit.models import record
from idonethis.background import OUTBOX


class OutgoingHold(models.Model):
    """While there is a row, nothing goes out to partners by itself: no entries, no notes, no
    removals of webhooks, no renewals of grants. A restored log knows nothing of what happened since
    its backup was made, and may not be the only one that is running."""

    since = models.DateTimeField(default=timezone.now)
    #: When the backup was made that everything here comes from.
    backup_made_at = models.DateTimeField()

    @classmethod
    def standing(cls) -> OutgoingHold | None:
        return cls.objects.first()

    @classmethod
    @transaction.atomic
    def lift(cls) -> bool:
        """A person says that this log is the one that counts: what waited goes out. False where
        nothing was held."""
        lifted = bool(cls.objects.all().delete()[0])
        if lifted:
            record("outgoing.resumed")
            OUTBOX.wake_on_commit()
        return lifted
