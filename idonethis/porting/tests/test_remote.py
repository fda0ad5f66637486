"""Another log, read over its public API: page by page, once, and on from where it stopped."""

from __future__ import annotations

import pytest
from django.utils import timezone

from idonethis.accounts.models import ApiToken
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import Failed, Never
from idonethis.integrations.models import Job
from idonethis.integrations.tests.coming import work_off
from idonethis.porting.models import Collect, Import
from idonethis.porting.remote import Remote, There
from idonethis.porting.tests.moves import bring, of_team, said
from idonethis.porting.tests.other_log import CHARLES, TEAM, OtherLog, entry
from idonethis.simulators.running import running
from idonethis.teams.models import Team

TOKEN = "let-me-in"

pytestmark = pytest.mark.django_db


def collect(team, address, *, token=TOKEN):
    where = {"address": address, "token": token, "there": Remote(address, token).team("")}
    return Collect.begin(team, user=None, **where)


def hurry():
    Job.objects.update(due_at=timezone.now())


def brought(job):
    assert job.state == "done", job.trouble
    return work_off(Import.begin(job.work.upload, user=None))


def test_all_pages_are_read_and_each_entry_is_there_once(team):
    with running(OtherLog().app) as address:
        job = brought(work_off(collect(team, address)))
    assert job.results == {"new": 70}
    found = Entry.objects.get(hash_id="00000000002a")
    assert (found.body, found.user.nickname) == ("Turned the crank 42", "ada")
    assert (found.created_by, str(found.occurred_on)) == ("import", "2015-03-02")


def test_read_again_it_changes_nothing(team):
    with running(OtherLog().app) as address:
        brought(work_off(collect(team, address)))
        assert brought(work_off(collect(team, address))).results == {"same": 70}


def test_a_server_that_knows_no_pages_is_not_asked_for_ever(team):
    other = OtherLog(pages=False)
    with running(other.app) as address:
        assert brought(work_off(collect(team, address))).results == {"new": 20}
    assert len(other.asked) == 2


def test_after_a_failure_it_goes_on_where_it_stopped(team):
    other = OtherLog(fails=[3])
    with running(other.app) as address:
        job = work_off(collect(team, address))
        assert job.is_waiting and job.done == 40
        hurry()
        assert brought(work_off(job)).results == {"new": 70}
    assert [query.split("page=")[1].split("&")[0] for query in other.asked[2:4]] == ["3", "3"]


def test_what_has_no_end_is_not_read(team, monkeypatch):
    monkeypatch.setattr("idonethis.porting.models.collecting.MOST", 30)
    with running(OtherLog().app) as address:
        job = work_off(collect(team, address))
    assert job.state == "failed" and "more than 30 entries" in job.trouble and job.done == 40


def test_what_came_meanwhile_pushes_nothing_in_twice(team):
    """A new entry moves the others down, so that the last of a page is the first of the next."""
    doubled = [entry(n) for n in range(20)] + [entry(19)] + [entry(n) for n in range(20, 30)]
    with running(OtherLog(doubled).app) as address:
        assert brought(work_off(collect(team, address))).results == {"new": 30, "same": 1}


def test_what_stands_on_a_page_twice_is_one(team):
    with running(OtherLog([entry(1), entry(1)]).app) as address:
        assert brought(work_off(collect(team, address))).results == {"new": 1, "same": 1}


def test_what_cannot_be_read_is_told_and_the_rest_comes(team):
    odd = [
        {"status": "sung"},
        {"body": ""},
        {"occurred_on": "soon"},
        {"user": None},
        {"hash_id": 7},
    ]
    rows = [entry(n, **more) for n, more in enumerate(odd)]
    with running(OtherLog([*rows, entry(9), entry(10, CHARLES)]).app) as address:
        job = work_off(collect(team, address))
    assert job.results == {"read": 2, "refused": 5}
    assert brought(job).results == {"new": 1, "waiting": 1, "refused": 5}


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_token_that_is_refused_is_told(team, token):
    with running(OtherLog().app) as address, pytest.raises(Failed):
        Remote(address, token).teams()


def test_which_team_is_meant_is_asked_where_there_are_several(team):
    other = OtherLog(teams=[TEAM, {"name": "Mills", "hash_id": "1234567890ab"}])
    with running(other.app) as address:
        remote = Remote(f"{address}/api/v2/", TOKEN)
        assert remote.team("Mills") == There("1234567890ab", "Mills")
        with pytest.raises(Never, match="Analytical Engines .f0e1d2c3b4a5., Mills"):
            remote.team("")


@pytest.mark.parametrize("address", ["ftp://x", "x", "http://10.0.0.1", "http://169.254.169.254"])
def test_no_address_is_asked_that_is_not_of_the_web(address):
    with pytest.raises(Failed):
        Remote(address, TOKEN).teams()


@pytest.mark.django_db(transaction=True)
def test_a_server_like_ours_is_read_page_by_page_too(live_server, team, ada):
    """It says itself where the next page is."""
    for number in range(230):
        Entry.objects.log(Draft(body=f"Turned the crank {number}"), team=team, user=ada)
    Entry.objects.log(Draft(body="Buy oil", kind="goal"), team=team, user=ada).archive()
    _, token = ApiToken.objects.make(ada, name="Moving", scopes=["read"])
    other = Team.objects.found("Mills", admin=ada)
    address = live_server.url.replace("localhost", "127.0.0.1")
    where = {"address": address, "token": token, "there": Remote(address, token).team(team.hash_id)}
    job = brought(work_off(Collect.begin(other, user=None, **where)))
    assert job.results == {"new": 231}
    assert sorted(said(other)) == sorted(said(team))
    assert bring(other, of_team(team)).results == {"same": 231}, "A file of the same is the same."
