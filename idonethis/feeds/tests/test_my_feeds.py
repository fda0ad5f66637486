"""The page on which somebody makes, exchanges and withdraws addresses."""

from __future__ import annotations

import html

import pytest
from django.db import IntegrityError
from django.test import Client

from idonethis.feeds.models import Feed
from idonethis.feeds.tests.conftest import read
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db
PAGE = "/settings/feeds"


@pytest.fixture
def as_ada(client, ada, team):
    client.force_login(ada)
    return client


@pytest.fixture
def as_grace(grace):
    browser = Client()
    browser.force_login(grace)
    return browser


def shown(browser):
    return html.unescape(browser.get(PAGE).content.decode())


def test_nobody_has_an_address_before_they_make_one(as_ada, team):
    page = shown(as_ada)
    assert "/feeds/" not in page.replace(PAGE, "")
    assert "All that you log" in page and team.name in page


def test_the_addresses_that_it_shows_are_read(as_ada, ada, team):
    as_ada.post(f"{PAGE}/make")
    as_ada.post(f"{PAGE}/make", {"team": team.slug})
    page = shown(as_ada)
    made = Feed.objects.of(ada)
    assert {feed.team for feed in made} == {None, team}
    for address in (each for feed in made for each in (feed.calendar_url, feed.atom_url)):
        assert address in page and read(address).status_code == 200


def test_made_twice_it_is_one(as_ada, ada, team):
    for _ in range(2):
        as_ada.post(f"{PAGE}/make")
        as_ada.post(f"{PAGE}/make", {"team": team.slug})
    assert Feed.objects.count() == 2
    with pytest.raises(IntegrityError):
        Feed.objects.create(user=ada)


def test_exchanged_it_shows_another(as_ada, of_all):
    as_ada.post(f"{PAGE}/{of_all.hash_id}/rotate")
    page = shown(as_ada)
    assert of_all.calendar_url not in page
    of_all.refresh_from_db()
    assert of_all.calendar_url in page and read(of_all.calendar_url).status_code == 200


def test_withdrawn_it_shows_none(as_ada, of_all):
    as_ada.post(f"{PAGE}/{of_all.hash_id}/withdraw")
    assert of_all.token not in shown(as_ada) and not Feed.objects.exists()


def test_it_says_when_it_was_read(as_ada, of_all):
    assert "not read yet" in shown(as_ada)
    read(of_all.atom_url)
    assert "last read" in shown(as_ada)


def test_nobody_sees_or_touches_those_of_another(as_grace, of_all, of_team):
    page = shown(as_grace)
    assert of_all.token not in page and of_team.token not in page
    for what in ("rotate", "withdraw"):
        for feed in (of_all, of_team):
            assert as_grace.post(f"{PAGE}/{feed.hash_id}/{what}").status_code == 404
    assert {feed.turn for feed in Feed.objects.all()} == {1}


def test_nobody_makes_one_of_a_team_in_which_they_are_not(as_grace, mallory):
    other = Team.objects.found("Difference Engines", admin=mallory)
    assert as_grace.post(f"{PAGE}/make", {"team": other.slug}).status_code == 404
    assert not Feed.objects.exists()


def test_it_is_kept_by_no_cache(as_ada):
    assert "no-store" in as_ada.get(PAGE)["Cache-Control"]


def test_nothing_is_taken_without_the_token_of_a_page_of_ours(ada, of_all):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    assert browser.post(f"{PAGE}/{of_all.hash_id}/withdraw").status_code == 403
