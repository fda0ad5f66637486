"""Who reads what at an address, and until when."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.feeds.models import Feed
from idonethis.feeds.tests.conftest import events, items, read
from idonethis.masked import Masked
from idonethis.teams.models import Role, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(ada, mallory):
    """A team in which Ada is not."""
    return Team.objects.found("Difference Engines", admin=mallory)


def test_one_s_own_feed_shows_what_one_logged_and_nothing_of_others(of_all, logs, ada, grace):
    logs(ada, "Wrote a program")
    logs(ada, "Alone", within=Team.objects.personal(ada))
    logs(grace, "Found a moth")
    assert set(events(of_all)) == set(items(of_all)) == {"Wrote a program", "Alone"}


def test_a_team_s_feed_shows_what_everybody_logged_there(of_team, logs, ada, grace, mallory, other):
    logs(ada, "Wrote a program")
    logs(grace, "Found a moth")
    logs(ada, "Alone", within=Team.objects.personal(ada))
    logs(mallory, "Plotted", within=other)
    shown = {"Ada Lovelace: Wrote a program", "Grace Hopper: Found a moth"}
    assert set(events(of_team)) == set(items(of_team)) == shown


def test_who_leaves_a_team_reads_nothing_of_it_any_more(of_all, logs, team, ada, grace):
    address = Feed.objects.make(grace, team.memberships.get(user=grace)).calendar_url
    of_grace = Feed.objects.make(grace)
    logs(grace, "Found a moth")
    team.memberships.get(user=grace).end()
    assert read(address).status_code == 410
    assert events(of_grace) == items(of_grace) == {}
    team.join(grace)
    assert read(address).status_code == 410


def test_a_feed_shows_nothing_of_a_team_whose_membership_it_was_forged_with(of_team, logs, mallory):
    """Should a row ever be wrong, what its person may see decides."""
    logs(of_team.user, "Wrote a program")
    Feed.objects.filter(pk=of_team.pk).update(user=mallory)
    assert events(Feed.objects.get()) == {}


def test_an_observer_reads_what_they_may_see(logs, team, ada, mallory):
    membership = team.join(mallory, Role.OBSERVER)
    logs(ada, "Wrote a program")
    assert set(events(Feed.objects.make(mallory, membership))) == {"Ada Lovelace: Wrote a program"}


@pytest.mark.parametrize("form", ["calendar_url", "atom_url"])
def test_an_address_that_was_exchanged_is_good_no_more(of_all, form):
    old = getattr(of_all, form)
    of_all.rotate()
    new = getattr(of_all, form)
    assert (read(old).status_code, read(new).status_code) == (410, 200)
    assert "exchanged or withdrawn" in read(old).content.decode()
    of_all.withdraw()
    assert read(new).status_code == 410


@pytest.mark.parametrize("put", ["x", "", "~1~x", "{id}~1~forged"])
def test_an_address_that_nobody_gave_out_is_none(of_all, put):
    token = put.format(id=of_all.hash_id)
    assert read(f"/feeds/{token}/calendar.ics").status_code == 404


def test_no_letter_of_an_address_may_be_another(of_all):
    last = of_all.token[-2]
    forged = f"{of_all.token[:-2]}{'A' if last != 'A' else 'B'}{of_all.token[-1]}"
    assert read(f"/feeds/{forged}/calendar.ics").status_code == 404


def test_what_another_server_signed_is_none(of_all):
    said = f"{of_all.hash_id}~{of_all.turn}"
    theirs = Signer(key="another", salt="idonethis.feeds", sep="~").sign(said)
    assert read(f"/feeds/{theirs}/calendar.ics").status_code == 404


def test_nothing_that_is_stored_lets_anybody_in(of_all):
    stored = str(list(Feed.objects.values()))
    assert of_all.token.rpartition("~")[2] not in stored
    assert len(of_all.token.rpartition("~")[2]) == 43


@pytest.mark.parametrize("form", ["calendar_url", "atom_url"])
def test_who_asks_again_hears_that_nothing_has_changed_until_it_has(of_all, logs, ada, form):
    entry = logs(ada, "Wrote a program")
    first = read(getattr(of_all, form))
    again = read(getattr(of_all, form), if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    by_time = {"if_modified_since": first["Last-Modified"]}
    assert read(getattr(of_all, form), **by_time).status_code == 304
    entry.delete_softly(by=ada)
    assert read(getattr(of_all, form), if_none_match=first["ETag"]).status_code == 200


def test_another_name_is_news_too(of_team, logs, grace):
    logs(grace, "Found a moth")
    first = read(of_team.calendar_url)
    grace.name = "Admiral Hopper"
    grace.save()
    assert read(of_team.calendar_url, if_none_match=first["ETag"]).status_code == 200


@pytest.mark.parametrize("form", ["calendar_url", "atom_url"])
def test_whoever_reads_keeps_it_to_themselves_and_gets_no_cookie(of_all, form):
    answer = read(getattr(of_all, form))
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies
    assert of_all.token not in answer.content.decode()


def test_asking_by_head_is_answered_alike(of_all):
    path = of_all.calendar_url.removeprefix("http://testserver")
    assert Client().head(path)["ETag"] == Client().get(path)["ETag"]


def test_only_looking_is_possible(of_all):
    path = of_all.calendar_url.removeprefix("http://testserver")
    assert {Client().generic(each, path).status_code for each in ("POST", "PUT", "DELETE")} == {405}


def test_who_asks_all_the_time_is_told_to_wait(of_all, settings):
    settings.ACCOUNT_RATE_LIMITS = {"feed": "3/m/user"}
    cache.clear()
    answers = [read(of_all.calendar_url).status_code for _ in range(4)]
    cache.clear()
    assert answers == [200, 200, 200, 429]


def test_it_is_noted_when_it_was_last_read_and_not_each_time(of_all):
    read(of_all.calendar_url)
    first = Feed.objects.get().last_read_at
    read(of_all.calendar_url)
    assert first and Feed.objects.get().last_read_at == first
    Feed.objects.update(last_read_at=first - timedelta(days=1))
    read(of_all.calendar_url)
    assert Feed.objects.get().last_read_at > first


def test_the_terminal_does_not_say_an_address(of_all, caplog):
    old = of_all.token
    of_all.rotate()
    with caplog.at_level(logging.WARNING, "django.request"):
        read(f"/feeds/{old}/calendar.ics")
    (said,) = [Masked("%(message)s").format(each) for each in caplog.records]
    assert said == "Gone: /feeds/…/calendar.ics"


def test_no_more_than_so_much_is_read_however_much_there_is(of_all, team, ada):
    Entry.objects.bulk_create(
        Entry(team=team, user=ada, body=f"Gear {n}", occurred_at=now, occurred_on=now.date())
        for n, now in enumerate([timezone.now()] * 60)
    )
    assert len(items(of_all)) == 50


def test_what_is_older_than_ninety_days_is_not_read(of_all, logs, ada):
    logs(ada, "Long ago", occurred_at=timezone.now() - timedelta(days=92))
    logs(ada, "Of late", occurred_at=timezone.now() - timedelta(days=88))
    assert set(events(of_all)) == set(items(of_all)) == {"Of late"}
