"""The same figures as the pages, for programs."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.sight import Sight
from idonethis.integrations.tests.web.conftest import casts
from idonethis.integrations.why import answer

pytestmark = pytest.mark.django_db

NO_TEAM = "There is no such team among yours, so nothing was done. /api/v2/teams lists them."
WHY, ACTIVITY = "/api/v2/why", "/api/v2/activity"


@pytest.fixture
def busy(link, team, ada):
    casts(link, key="1", body="Cast a gear")
    casts(link, "4711", key="2", login="stoker")
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)


def got(browser, path, **query):
    response = browser.get(path, query)
    assert response.status_code == 200, response.content
    return response.json()


def problem(browser, path, **query):
    response = browser.get(path, query)
    return response.status_code, response.json()


# Who asks.


@pytest.mark.parametrize("path", [WHY, ACTIVITY])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Token guessed"}])
def test_nobody_gets_in_without_saying_who_they_are(db, path, headers):
    response = Client().get(path, {"q": "anything"}, headers=headers)
    assert (response.status_code, response.json()) == (
        401,
        {"error": "Invalid API Authentication"},
    )


def test_a_session_that_ended_is_nobody(as_ada, busy):
    as_ada.logout()
    assert as_ada.get(ACTIVITY).status_code == 401


@pytest.mark.parametrize("path", [WHY, ACTIVITY])
def test_a_team_of_others_is_not_there(as_mallory, team, path, foundry):
    told = problem(as_mallory, path, team_id=team.hash_id, q="anything")
    assert told == (
        404,
        {"error": NO_TEAM},
    )


def test_a_link_of_others_is_not_there(as_mallory, link):
    told = problem(as_mallory, ACTIVITY, link_id=link.hash_id)
    assert told == (404, {"error": "There is no such link among yours."})


def test_an_outsider_gets_nothing_of_it(as_mallory, busy):
    assert got(as_mallory, ACTIVITY) == {"items": [], "older": None, "kept": None, "refused": []}
    assert got(as_mallory, WHY, q="stoker")["findings"] == []


def test_who_may_not_read_a_hook_is_not_led_to_it(as_ada, as_grace, busy):
    mine, theirs = (got(browser, WHY, q="stoker")["findings"] for browser in (as_ada, as_grace))
    assert any("/receipts/" in (finding["url"] or "") for finding in mine)
    assert not any("/receipts/" in (finding["url"] or "") for finding in theirs)


# Why.


def test_the_answer_is_that_of_the_page(as_ada, ada, busy, team):
    told = got(as_ada, WHY, q="stoker", team_id=team.hash_id)
    same = answer("stoker", Sight.of(ada, team=team)).facts()
    told.pop("looked"), same.pop("looked")
    assert [f["sentence"] for f in told["findings"]] == [f["sentence"] for f in same["findings"]]
    assert told["sentence"] == same["sentence"] == told["findings"][0]["sentence"]
    assert told["findings"][0]["remedy"]["fix"] == "match"
    url = told["findings"][0]["remedy"]["url"]
    assert url.startswith("http://testserver/t/analytical-engines/unclaimed#person-")


def test_nothing_found_says_what_that_can_mean(as_ada, link):
    told = got(as_ada, WHY, q="nothing like it")
    assert told["findings"] == []
    assert "nothing has ever come from Foundry" in told["meanings"][0]["sentence"]
    assert told["looked"] == {
        "sentence": "0 stored hooks were looked through; there are no more.",
        "looked": 0,
        "back_to": None,
        "before": None,
    }


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "q: Field required."),
        ({"q": ""}, "q: String should have at least 1 character."),
        ({"q": "x" * 301}, "q: String should have at most 300 characters."),
        ({"q": "gear", "before": "x"}, "before: Input should be a valid integer"),
    ],
)
def test_a_question_that_does_not_fit_is_refused_in_words(as_ada, team, query, said):
    status, told = problem(as_ada, WHY, **query)
    assert status == 422 and told["error"].startswith(said)


# Activity.


def test_all_that_came_and_went_is_listed(as_ada, busy, link):
    waiting, unmatched, logged = got(as_ada, ACTIVITY)["items"]
    assert (waiting["direction"], waiting["result"], waiting["word"]) == (
        "out",
        "waiting",
        "Waiting",
    )
    assert (unmatched["result"], unmatched["entry"]) == ("no_person", None)
    assert unmatched["why"] == "Nobody in this team is known as stoker."
    assert logged["entry"] == Entry.objects.get(body="Cast a gear").hash_id
    assert logged["link"] == {"id": link.hash_id, "name": "ada/engine"}
    assert logged["name"] == "delivery-1"


def test_pages_follow_each_other(as_ada, busy):
    found, before = [], ""
    for _ in range(3):
        page = got(as_ada, ACTIVITY, limit=1, before=before)
        found, before = found + page["items"], page["older"]
    assert before is None
    assert found == got(as_ada, ACTIVITY)["items"]


@pytest.mark.parametrize(
    ("query", "results"),
    [
        ({"direction": "in"}, ["no_person", "created"]),
        ({"result": "attention"}, ["no_person"]),
        ({"result": "waiting"}, ["waiting"]),
        ({"since": "2999-01-01"}, []),
    ],
)
def test_it_is_narrowed(as_ada, busy, query, results):
    assert [item["result"] for item in got(as_ada, ACTIVITY, **query)["items"]] == results


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"result": "nonsense"}, "result: Give one of attention, created, "),
        ({"direction": "up"}, "direction: Give one of in, out."),
        ({"since": "yesterday"}, "since: Give a day or an instant, such as "),
        ({"limit": "0"}, "limit: Input should be greater than or equal to 1."),
        ({"limit": "201"}, "limit: Input should be less than or equal to 200."),
    ],
)
def test_a_filter_that_does_not_fit_is_refused_in_words(as_ada, team, query, said):
    status, told = problem(as_ada, ACTIVITY, **query)
    assert status == 422 and told["error"].startswith(said)


@pytest.mark.parametrize("path", [WHY, ACTIVITY])
def test_asking_writes_nothing(as_ada, busy, path):
    with CaptureQueriesContext(connection) as seen:
        as_ada.get(path, {"q": "stoker"})
    writes = [q["sql"] for q in seen if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert seen and writes == []
    assert as_ada.post(path, {"q": "stoker"}).status_code == 405


# What there is.


def test_it_describes_itself_without_fetching_anything_from_elsewhere(client, db):
    described = client.get("/api/v2/openapi.json").json()
    assert {WHY, ACTIVITY} <= set(described["paths"])
    assert "Session" in json.dumps(described["components"]["securitySchemes"])
    assert client.get("/api/v2/docs").status_code == 404
