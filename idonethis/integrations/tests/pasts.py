"""An import of what happened before, at any partner, and what stands in the log then."""

from __future__ import annotations

from idonethis.entries.models import Entry, Source
from idonethis.integrations.models import Backfill, Job
from idonethis.integrations.models.backfilling import Past
from idonethis.integrations.tests.coming import work_off
from idonethis.simulators import visitor

DAY = 24 * 3600


def happens(partner, title, *, ago=0.0, **more):
    """So many days ago."""
    visitor.act(partner, "happen", title=title, ago=ago * DAY, **more)


def publishes(partner, tag, *, ago=0.0, **more):
    visitor.act(partner, "publish", tag=tag, ago=ago * DAY, **more)


def becomes(partner, option, value="yes"):
    visitor.act(partner, "become", option=option, value=value)


def begin(link, days=30) -> Job:
    return Backfill.begin(Past.of_days(link, days), days=days, user=link.user)


def bring_in(link, days=30) -> Job:
    return work_off(begin(link, days))


def asked(partner) -> str:
    """All that the partner was asked, in one text."""
    return str(visitor.read(partner, "journal")["calls"])


def log_of(team):
    told = Entry.objects.for_team(team).alive().select_related("user")
    return sorted((each.user.nickname, each.body) for each in told)


def facts_of(team):
    told = Entry.objects.for_team(team).alive()
    return sorted(told.values_list("body", "url", "occurred_on", "kind", "user"))


def keys_of(team):
    return sorted(Source.objects.filter(team=team).values_list("key", flat=True))
