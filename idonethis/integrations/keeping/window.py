"""For how long things are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from idonethis.integrations.models.bygone import Bygone
from idonethis.ui.words import numbered

#: Nobody reads what is older than a hundred years, and no calendar goes back for ever.
LONGEST = 36_500


@dataclass(frozen=True)
class Window:
    """What came ``before`` loses its request; what came before ``lines_before`` goes altogether.
    Both begin a day, so that days go as a whole."""

    before: datetime
    lines_before: datetime | None = None

    @classmethod
    def of_settings(cls) -> Window | None:
        """None: all is kept."""
        days = min(settings.KEEP_RECEIPTS_DAYS, LONGEST)
        if not days:
            return None
        today = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(today - timedelta(days=days), today - 2 * timedelta(days=days))


def said() -> str:
    """What has become of what came long ago, in sentences; empty while all of it is there."""
    last = Bygone.objects.order_by("-day").first()
    if last is None:
        return ""
    days, place = settings.KEEP_RECEIPTS_DAYS, "in the archive" if last.file else "gone"
    kept = f"What comes in is kept for {numbered(days, 'day', 'days')}. " if days else ""
    first = last.day + timedelta(days=1)
    return f"{kept}What came before {first.day} {first:%B %Y} is {place}, unless it still waits."
