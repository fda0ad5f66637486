"""“Suggested for you”: ticked, dismissed and undone on the pages of who it is for."""

from __future__ import annotations

import re

import pytest

from idonethis.entries.models import Entry
from idonethis.integrations.models import Suggestion
from idonethis.integrations.tests.web.conftest import casts, work
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

LOG = "/t/analytical-engines"


@pytest.fixture
def link(link):
    link.config |= {"how": "suggest"}
    link.save()
    return link


@pytest.fixture
def two(link):
    casts(link, key="1", body="Cast a gear")
    casts(link, key="2", body="Cast a wheel")
    return list(Suggestion.objects.order_by("pk"))


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def press(browser, button, *suggestions, **more):
    names = [each.hash_id for each in suggestions]
    answer = browser.post(f"/suggestions/{button}", {"name": names} | more, follow=True)
    work()
    return shown(answer)


def undo(browser, page):
    path = re.search(r'action="(/suggestions/undo[^"]+)"', page)[1].replace("&amp;", "&")
    answer = browser.post(path, follow=True)
    work()
    return shown(answer)


def log():
    return sorted(Entry.objects.alive().values_list("body", flat=True))


def test_the_log_and_my_log_offer_what_waits(as_ada, two):
    for path in (LOG, "/me"):
        page = shown(as_ada.get(path))
        assert "Suggested for you" in page and "Log all 2" in page
        assert "Cast a gear" in page and "Cast a wheel" in page
    assert "Analytical Engines ·" in shown(as_ada.get("/me"))


def test_the_log_of_another_team_does_not(as_ada, two, ada):
    other = Team.objects.personal(ada)
    assert "Suggested for you" not in shown(as_ada.get(other.get_absolute_url()))


def test_one_is_logged_and_the_person_stays_where_they_were(as_ada, two):
    page = press(as_ada, "accept", two[0], team="analytical-engines")
    assert "1 suggestion is logged." in page and "logged today" in page
    assert log() == ["Cast a gear"]
    assert not Suggestion.objects.pending().filter(body="Cast a gear").exists()


def test_all_are_logged_at_once_and_all_is_undone_at_once(as_ada, two):
    page = press(as_ada, "accept", *two)
    assert "2 suggestions are logged, each on its day." in page
    assert log() == ["Cast a gear", "Cast a wheel"]
    assert "2 suggestions wait again." in undo(as_ada, page)
    assert log() == []
    assert Suggestion.objects.pending().count() == 2


def test_what_is_dismissed_is_gone_until_that_is_undone(as_ada, two):
    page = press(as_ada, "dismiss", two[0])
    assert "1 suggestion is dismissed." in page and "Cast a gear" not in page
    assert "1 suggestion waits again." in undo(as_ada, page)
    assert "Cast a gear" in shown(as_ada.get("/me"))


def test_an_entry_that_was_edited_since_stays_and_says_so(as_ada, two):
    page = press(as_ada, "accept", *two)
    Entry.objects.get(body="Cast a gear").edit(kind="done", body="In my words")
    assert "1 suggestion waits again. 1 entry stays, since you have changed it." in undo(
        as_ada, page
    )
    assert log() == ["In my words"]


def test_a_button_that_is_pressed_twice_decides_once(as_ada, two):
    press(as_ada, "accept", two[0])
    assert "That was decided before. Nothing was changed." in press(as_ada, "dismiss", two[0])
    assert log() == ["Cast a gear"]


def test_what_was_not_decided_in_time_is_listed_with_why_and_can_still_be_logged(as_ada, two):
    Suggestion.objects.all().move_to("expired")
    page = shown(as_ada.get("/me"))
    assert "Not decided in time (2)" in page and "waited for 14 days" in page
    assert "Not decided in time" not in shown(as_ada.get(LOG))
    press(as_ada, "accept", two[0])
    assert log() == ["Cast a gear"]


def test_the_page_of_the_link_says_only_that_somebody_has_to_decide(as_ada, link, two):
    page = shown(as_ada.get(f"/links/{link.hash_id}"))
    assert "Suggested" in page and "Waits for its person." in page
    assert "Cast a gear" not in page
