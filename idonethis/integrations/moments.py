from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def moment(at: datetime, *, form: str = "H:i:s") -> str:
    """``09:14:03`` where that is today for the reader, else ``24 Nov, 09:14:03``."""
    local, now = timezone.localtime(at), timezone.localtime()
    day = "" if local.date() == now.date() else "j M, "
    year = "" if local.year == now.year else "j M Y, "
    return date_format(local, (year or day) + form)
