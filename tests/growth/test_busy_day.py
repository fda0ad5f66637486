"""However much was logged on one day: the page of the log looks at as much as before."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from idonethis.entries.models import Entry
from tests.growth.watching import Seen, watched

#: PostgreSQL chooses by what it knows of the day, and may read it.
SQLITE_ALONE = pytest.mark.skipif(connection.vendor != "sqlite", reason="holds on SQLite")
pytestmark = [pytest.mark.django_db, SQLITE_ALONE]

#: More than a page, and a day of a team that its tools write for.
FEW, MANY = 60, 3000


def test_the_log_looks_at_no_more_however_much_was_logged_today(visitor, team, ada):
    browser = visitor("ada")
    browser.get(team.get_absolute_url())
    _log(FEW, team, ada)
    few = _seen(browser, team)
    _log(MANY, team, ada)
    many = _seen(browser, team)
    assert (many.count, many.effort <= 1.3 * few.effort) == (few.count, True)


def _log(count, team, user):
    now, today = timezone.now(), user.today()
    Entry.objects.bulk_create(
        Entry(team=team, user=user, body=f"Gear {n}", occurred_at=now, occurred_on=today)
        for n in range(count)
    )


def _seen(browser, team) -> Seen:
    with watched() as asked:
        assert browser.get(team.get_absolute_url()).status_code == 200
    return Seen.of(asked)
