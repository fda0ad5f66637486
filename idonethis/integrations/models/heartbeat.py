"""When this server was last alive: what partners sent in a silence did not arrive."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from idonethis.integrations.models.registered_hook import RegisteredHook

#: A heart that has not beaten for so long stood still.
SILENCE = timedelta(seconds=35)


class Heartbeat(models.Model):
    """One row, whatever the number of processes that take hooks."""

    beaten_at = models.DateTimeField(default=timezone.now)

    @classmethod
    def beat(cls) -> int:
        """Says that we are alive. After a silence, every webhook is looked after soon."""
        row, is_new = cls.objects.get_or_create(pk=1)
        now = timezone.now()
        cls.objects.filter(pk=1).update(beaten_at=now)
        if not is_new and now - row.beaten_at > SILENCE:
            RegisteredHook.objects.standing().check_soon()
        return 0
