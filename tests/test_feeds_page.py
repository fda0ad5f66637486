"""What docs/feeds.md says is run as it stands there, against a running server."""

from __future__ import annotations

import icalendar
import pytest

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.feeds.models import Feed
from tests.curling import Shell, lines


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_line_reads_the_calendar(live_server, ada, team, settings):
    settings.BASE_URL = live_server.url
    Entry.objects.log(Draft(body="Wrote a program"), team=team, user=ada)
    (line,) = lines("feeds.md")
    said = Shell(FEED=Feed.objects.make(ada).calendar_url).said(line)
    (event,) = icalendar.Calendar.from_ical(said).walk("VEVENT")
    assert event["SUMMARY"] == "Wrote a program"
