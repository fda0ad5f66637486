"""Feeds as programs read them: parsed by the libraries that programs use."""

from __future__ import annotations

from typing import Any

import feedparser
import icalendar
import pytest
from django.test import Client

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.feeds.models import Feed


@pytest.fixture
def logs(team):
    """Somebody logs something, in Ada's team unless another is named."""

    def logs(user, body, kind="done", *, within=team, **rest):
        draft = Draft(body=body, kind=kind, **rest)
        return Entry.objects.log(draft, team=within, user=user)

    return logs


@pytest.fixture
def of_all(ada):
    return Feed.objects.make(ada)


@pytest.fixture
def of_team(ada, team):
    return Feed.objects.make(ada, team.memberships.get(user=ada))


def read(address: str, **headers: str) -> Any:
    """As a program that knows nothing but the address."""
    return Client().get(address.removeprefix("http://testserver"), headers=headers)


def events(feed: Feed) -> dict[str, icalendar.Event]:
    """By their titles."""
    parsed = icalendar.Calendar.from_ical(read(feed.calendar_url).content)
    return {str(event["SUMMARY"]): event for event in parsed.walk("VEVENT")}


def items(feed: Feed) -> dict[str, Any]:
    parsed = feedparser.parse(read(feed.atom_url).content)
    assert not parsed.bozo
    return {entry.title: entry for entry in parsed.entries}
