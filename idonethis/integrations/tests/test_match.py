"""A match that was wrong is taken back, and what it made with it; nothing else."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from idonethis.entries.models import Entry
from idonethis.integrations.models import IntegrationLink, IntegrationUser, UnclaimedPerson
from idonethis.integrations.models.claiming import believe
from idonethis.integrations.tests.conftest import work
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

PAGE = "/t/analytical-engines/unclaimed"


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def done(key, body, uid="4711", **more):
    return {"type": "done", "key": key, "body": body, "uid": uid, **more}


@pytest.fixture
def browser_of():
    def signed_in(user):
        browser = Client()
        browser.force_login(user)
        return browser

    return signed_in


@pytest.fixture
def match(link, happens, grace):
    """The stoker, taken for Grace by mistake, after doing two things."""
    happens(link, done("1", "Cast a gear"))
    happens(link, done("2", "Cast a cam"))
    known, _ = believe(UnclaimedPerson.objects.get(), grace, evidence="assigned")
    work()
    return known


def take_back(browser, match, **content):
    response = browser.post(f"{PAGE}/matched/{match.pk}/wrong", content, follow=True)
    work()
    return shown(response)


def log():
    found = Entry.objects.alive().order_by("body")
    return [(entry.user.nickname, entry.body) for entry in found]


def test_the_page_says_what_came_of_a_match(browser_of, ada, match, link, arrives):
    page = shown(browser_of(ada).get(f"{PAGE}/matched/{match.pk}"))
    assert '<span class="num">2</span> entries stand in the log because of it.' in page
    assert "Take it back with 2 entries" in page and "hx-get" not in page.split("What came")[1]


def test_what_is_being_logged_is_counted_while_one_looks(browser_of, ada, link, happens, grace):
    happens(link, done("1", "Cast a gear"))
    known, _ = believe(UnclaimedPerson.objects.get(), grace, evidence="assigned")
    browser = browser_of(ada)
    page = shown(browser.get(f"{PAGE}/matched/{known.pk}"))
    assert "1 event is being logged." in page and "every 2s" in page
    work()
    part = shown(browser.get(f"{PAGE}/matched/{known.pk}", headers={"HX-Request": "true"}))
    assert '<span class="num">1</span> entry stands' in part
    assert "every 2s" not in part and "<html" not in part


def test_a_match_can_be_taken_back_alone(browser_of, ada, match):
    page = take_back(browser_of(ada), match)
    assert "4711 is not Grace Hopper." in page
    assert log() == [("grace", "Cast a cam"), ("grace", "Cast a gear")]
    assert not IntegrationUser.objects.filter(uid="4711").exists()
    assert UnclaimedPerson.objects.get().key == "4711"


def test_what_the_stranger_does_next_waits_again(browser_of, ada, match, link, happens):
    take_back(browser_of(ada), match)
    assert happens(link, done("3", "Cast a wheel")).outcome == "no_person"


def test_its_entries_go_with_it_and_become_those_of_who_it_was(browser_of, ada, match):
    page = take_back(browser_of(ada), match, entries="go")
    assert "2 entries of theirs go." in page
    assert log() == []
    believe(UnclaimedPerson.objects.get(), ada, evidence="assigned")
    work()
    assert log() == [("ada", "Cast a cam"), ("ada", "Cast a gear")]


def edit(entry, user):
    entry.edit(kind="done", body="Cast a gear for the mill")


def complete(entry, user):
    Entry.objects.filter(pk=entry.pk).update(completed_on=entry.occurred_on)


def comment(entry, user):
    entry.comments.create(user=user, body="Well cast")


@pytest.mark.parametrize("touch", [edit, complete, comment])
def test_what_somebody_has_had_a_hand_in_stays(browser_of, ada, grace, match, touch):
    touch(Entry.objects.get(body="Cast a gear"), grace)
    kept = Entry.objects.filter(body__startswith="Cast a gear").values().get()
    browser = browser_of(ada)
    page = shown(browser.get(f"{PAGE}/matched/{match.pk}"))
    assert "1 that somebody has edited, completed or commented on stays." in page
    take_back(browser, match, entries="go")
    assert Entry.objects.filter(pk=kept["id"]).values().get() == kept
    assert len(log()) == 1


def test_what_the_person_logged_otherwise_stays(browser_of, ada, grace, match, link, happens):
    IntegrationUser.objects.create(integration_type="acme", uid="1906", user=grace)
    happens(link, done("3", "Wrote a compiler", uid="1906"))
    take_back(browser_of(ada), match, entries="go")
    assert log() == [("grace", "Wrote a compiler")]


def test_all_lines_of_an_event_go(browser_of, ada, match, link, happens):
    happens(link, done("3", "Cast a wheel\nOiled it\nTurned it"))
    assert len(log()) == 5
    take_back(browser_of(ada), match, entries="go")
    assert log() == []


def test_an_entry_that_grew_by_two_accounts_keeps_what_the_right_one_did(
    browser_of, ada, grace, match, link, happens
):
    IntegrationUser.objects.create(integration_type="acme", uid="1906", user=grace)
    for uid, commits in (("4711", ["a"]), ("1906", ["b", "c"]), ("4711", ["d"])):
        happens(link, {"type": "push", "uid": uid, "commits": commits})
    assert ("grace", "Pushed 4 commits to main") in log()
    take_back(browser_of(ada), match, entries="go")
    assert log() == [("grace", "Pushed 2 commits to main")]


def test_commits_that_a_wrong_entry_had_absorbed_come_back_to_the_right_one(
    browser_of, ada, match, link, happens
):
    happens(link, {"type": "push", "uid": "1815", "commits": ["a", "b"]})
    happens(link, done("3", "Merged it", commits=["a", "b"]))
    assert ("ada", "Pushed 2 commits to main") not in log()
    take_back(browser_of(ada), match, entries="go")
    assert log() == []
    believe(UnclaimedPerson.objects.get(), ada, evidence="assigned")
    work()
    merged = Entry.objects.alive().get(body="Merged it")
    assert sorted(detail.text for detail in merged.details) == ["Commit a", "Commit b"]


def test_the_person_it_was_said_to_be_takes_it_back(browser_of, grace, match):
    take_back(browser_of(grace), match, entries="go")
    assert log() == []


def test_another_member_does_not(browser_of, team, mallory, match):
    team.join(mallory)
    browser = browser_of(mallory)
    assert "Take the match back" not in shown(browser.get(f"{PAGE}/matched/{match.pk}"))
    assert browser.post(f"{PAGE}/matched/{match.pk}/wrong").status_code == 403
    assert IntegrationUser.objects.filter(pk=match.pk).exists()


def test_what_was_proved_by_signing_in_there_is_no_match_of_a_team(browser_of, ada, link):
    proved = IntegrationUser.objects.get(uid="1815")
    assert browser_of(ada).get(f"{PAGE}/matched/{proved.pk}").status_code == 404
    assert browser_of(ada).post(f"{PAGE}/matched/{proved.pk}/wrong").status_code == 404


def test_two_teams_do_not_take_back_each_others(browser_of, mallory, match):
    night = Team.objects.create(name="Night Shift")
    night.join(mallory, "admin")
    IntegrationLink.objects.create(integration_type="acme", team=night)
    there = f"/t/night-shift/unclaimed/matched/{match.pk}"
    assert browser_of(mallory).get(there).status_code == 404
    assert browser_of(mallory).post(f"{there}/wrong").status_code == 404
