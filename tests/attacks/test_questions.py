"""Whoever asks what became of something is told of their own teams alone, however they ask; and
asks no more often than a server can look."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from tests.attacks.asking import text_of
from tests.attacks.conftest import undone
from tests.attacks.routes import OUTSIDE

pytestmark = pytest.mark.django_db
WHY, ACTIVITY = "/api/v2/why", "/api/v2/activity"
PLACES = ("/why", WHY)
SIGNED_IN = [who for who in OUTSIDE if who != "anonymous"]
#: By what the red team could be found.
KNOWN_BY = (
    "entry", "tag", "url", "origin", "detail", "pushed", "comment", "subject", "trouble", "login",
    "account", "uid", "body", "delivery", "event", "why", "held", "said", "stranger",
    "stranger-login", "stranger-name", "nobody-login", "matched-login", "matched-uid", "nick",
    "member-name", "admin-name", "team", "of-the-former",
)  # fmt: skip
ADDRESSED_BY = (
    "/e/{red[entry]}", "{red[entry]}", "http://testserver/receipts/{red[receipt]}",
    "/deliveries/{red[delivery]}", "{red[link]}", "{red[slug]}", "{red[member]}", "{red[job]}",
)  # fmt: skip


def ask(world, who, path, **query):
    with undone():
        return world.browser(who).get(path, query)


def told(response, question=""):
    """Without the question, which is said again."""
    return text_of(response).replace(question.lower(), "")


@pytest.mark.parametrize("who", SIGNED_IN)
@pytest.mark.parametrize("word", KNOWN_BY)
def test_nobody_outside_finds_a_team_by_any_word_of_it(world, red, who, word):
    question = red.word(word)
    for path in PLACES:
        response = ask(world, who, path, q=question)
        assert response.status_code == 200
        said = told(response, question)
        assert red.mark not in said and "received" not in said and "removed" not in said


@pytest.mark.parametrize("who", SIGNED_IN)
@pytest.mark.parametrize("address", ADDRESSED_BY)
def test_nor_by_the_name_of_anything_in_an_address(world, red, who, address):
    question = address.format(red=red)
    for path in PLACES:
        response = ask(world, who, path, q=question)
        assert response.status_code == 200
        assert red.mark not in told(response, question)


@pytest.mark.parametrize("who", SIGNED_IN)
def test_a_team_of_others_is_not_looked_into_by_naming_it(world, red, who):
    assert ask(world, who, "/why", q="canary", team=red["slug"]).status_code == 404
    for path in (WHY, ACTIVITY):
        response = ask(world, who, path, q="canary", team_id=red.team.hash_id)
        assert response.status_code == 404
        assert red.mark not in text_of(response)


@pytest.mark.parametrize("who", SIGNED_IN)
def test_all_that_came_and_went_is_that_of_one_s_own_teams(world, red, who):
    assert ask(world, who, ACTIVITY, link_id=red["link"]).status_code == 404
    for query in ({}, {"before": "9" * 18 + "-" + "9" * 18}, {"result": "attention"}):
        response = ask(world, who, ACTIVITY, limit=200, **query)
        assert response.status_code == 200
        assert red.mark not in text_of(response)


def test_nobody_asks_anything_who_has_not_signed_in(world, red):
    for path in (WHY, ACTIVITY):
        response = Client().get(path, {"q": red["entry"]})
        assert (response.status_code, response.json()) == (
            401,
            {"error": "Invalid API Authentication"},
        )


@pytest.mark.parametrize("who", ["member", "observer"])
def test_a_member_reads_no_word_of_a_hook_of_somebody_else_s_link(world, red, who):
    """It may name what the log of the team does not show."""
    for path in PLACES:
        said = told(ask(world, who, path, q=red.word("body")), red.word("body"))
        assert red.word("delivery") not in said and "/receipts/" not in said


def test_the_words_above_are_words_of_the_team(world, red):
    """By at least most of them its own admin finds it, or this page proves nothing."""
    found = [w for w in KNOWN_BY if ask(world, "admin", WHY, q=red.word(w)).json()["findings"]]
    assert {"entry", "body", "delivery", "stranger-login", "member-name"} <= set(found)


# How often.


@pytest.fixture
def limited(settings):
    settings.ACCOUNT_RATE_LIMITS = {"ask": "3/m/user"}
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("limited")
def test_who_asks_too_often_waits_on_pages_and_from_programs_alike(world):
    for path in ("/why", WHY, "/why"):
        assert ask(world, "member", path, q="canary").status_code == 200
    page, told = (ask(world, "member", path, q="canary") for path in PLACES)
    assert page.status_code == told.status_code == 429
    assert page["Retry-After"] == told["Retry-After"] == "60"
    assert "That was too often" in page.content.decode()
    assert told.json() == {
        "error": "That was too often. Nothing was done. Retry-After says when to ask again."
    }
    assert ask(world, "member", ACTIVITY).status_code == 429
    assert ask(world, "admin", WHY, q="canary").status_code == 200


@pytest.mark.usefixtures("limited")
def test_what_is_only_looked_at_is_not_limited(world, red):
    for _ in range(5):
        assert ask(world, "member", "/why").status_code == 200
        assert ask(world, "member", f"/t/{red['slug']}/activity").status_code == 200
