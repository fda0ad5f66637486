"""How long ago, in the words that the browser uses too when it lets them age."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import dateformat, timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

_DAY = 86400


def exact(instant: datetime) -> str:
    """``Tue 24 Nov 2026, 14:02 GMT`` in the time zone of the person who reads."""
    return dateformat.format(timezone.localtime(instant), "D j M Y, H:i T")


def relative(instant: datetime, now: datetime | None = None) -> str:
    """``5 minutes ago``, ``in 2 hours``; a date where that is a week away or more."""
    distance = instant - (now or timezone.now())
    seconds = abs(distance.total_seconds())
    if seconds >= 7 * _DAY:
        return _date(instant)
    if seconds < 60:
        return gettext("just now") if distance <= timedelta() else gettext("in a moment")
    return _sentence(_amount(int(seconds)), past=distance < timedelta())


def _amount(seconds: int) -> str:
    if days := seconds // _DAY:
        return ngettext("%d day", "%d days", days) % days
    if hours := seconds // 3600:
        return ngettext("%d hour", "%d hours", hours) % hours
    minutes = seconds // 60
    return ngettext("%d minute", "%d minutes", minutes) % minutes


def _sentence(amount: str, *, past: bool) -> str:
    return gettext("%s ago") % amount if past else gettext("in %s") % amount


def _date(instant: datetime) -> str:
    local = timezone.localtime(instant)
    same_year = local.year == timezone.localtime().year
    return date_format(local, "j M" if same_year else "j M Y")
