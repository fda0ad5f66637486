"""Programs that ask by a token of their person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from idonethis.accounts.models import ApiToken
from idonethis.accounts.tokens import Scope
from idonethis.api.authentication import Session, Token, ways
from idonethis.api.urls import api
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry

pytestmark = pytest.mark.django_db
NOOP, TEAMS, ACTIVITY = "/api/v2/noop", "/api/v2/teams", "/api/v2/activity"
UNKNOWN = (401, {"error": "Invalid API Authentication"})


@pytest.fixture
def shown(ada):
    return ApiToken.objects.make(ada, name="My scripts", scopes=["read"])[1]


def asked(path, value, browser=None):
    response = (browser or Client()).get(path, headers={"Authorization": value})
    return response.status_code, response.json()


@pytest.mark.parametrize("word", ["Token", "Bearer", "token", "BEARER"])
def test_both_words_let_in(shown, ada, word):
    told = {"full_name": "Ada Lovelace", "hash_id": ada.hash_id}
    assert asked(NOOP, f"{word} {shown}") == (200, told)


@pytest.mark.parametrize("value", ["Token ", "Token idt_guessed", "Basic {}", "{}", "Token {}x"])
def test_nothing_else_does(shown, value):
    assert asked(NOOP, value.format(shown)) == UNKNOWN


def test_a_wrong_token_is_not_made_up_for_by_a_session(client, ada):
    client.force_login(ada)
    assert asked(NOOP, "Token idt_guessed", client) == UNKNOWN


def test_a_session_lets_in_without_one(client, ada):
    client.force_login(ada)
    assert client.get(NOOP).status_code == 200


def test_the_hash_that_the_database_has_lets_nobody_in(shown):
    assert asked(NOOP, f"Token {ApiToken.objects.get().hashed}") == UNKNOWN


def test_it_sees_what_its_person_sees(shown, team, mallory):
    assert [each["name"] for each in asked(TEAMS, f"Token {shown}")[1]] == ["Analytical Engines"]
    theirs = ApiToken.objects.make(mallory, name="Hers", scopes=["read"])[1]
    assert asked(TEAMS, f"Token {theirs}") == (200, [])


def test_whoever_has_left_a_team_sees_nothing_of_it(shown, team, ada, grace):
    Entry.objects.log(Draft(body="Turned the crank"), team=team, user=grace)
    path = f"{ACTIVITY}?team_id={team.hash_id}"
    assert asked(path, f"Token {shown}")[0] == 200
    team.memberships.filter(user=ada).delete()
    assert asked(path, f"Token {shown}")[0] == 404
    assert asked(TEAMS, f"Token {shown}") == (200, [])


def test_a_token_without_the_scope_is_refused_in_words(ada):
    shown = ApiToken.objects.make(ada, name="Hooks", scopes=["hooks"])[1]
    status, told = asked(ACTIVITY, f"Token {shown}")
    assert status == 403 and "one with the scope read" in told["error"]
    assert asked(TEAMS, f"Token {shown}")[0] == 200


def test_a_call_that_names_no_scope_takes_no_token():
    assert [type(way) for way in ways()] == [Token, Session] and ways()[0].scopes == ()
    assert [way.scopes for way in api.auth if isinstance(way, Token)] == [()]


def test_a_token_with_every_scope_is_refused_where_none_is_named(ada, rf):
    shown = ApiToken.objects.make(ada, name="All", scopes=list(Scope.values))[1]
    with pytest.raises(Exception, match="may not do this; it takes no token at all"):
        Token()(rf.get("/", headers={"Authorization": f"Token {shown}"}))


def test_when_it_was_used_last_is_known_to_the_minute(shown):
    asked(NOOP, f"Token {shown}")
    first = ApiToken.objects.get().last_used_at
    assert timezone.now() - first < timedelta(seconds=30)
    asked(NOOP, f"Token {shown}")
    assert ApiToken.objects.get().last_used_at == first


def test_a_program_that_asks_too_often_waits(shown, settings):
    settings.ACCOUNT_RATE_LIMITS = {"api": "3/m/user"}
    cache.clear()
    assert [asked(NOOP, f"Token {shown}")[0] for _ in range(4)] == [200, 200, 200, 429]


def test_what_comes_with_a_session_alone_still_needs_a_token_of_a_page(ada):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    refused = browser.post(NOOP)
    assert (refused.status_code, list(refused.json())) == (403, ["error"])
    assert browser.post(NOOP, headers={"Authorization": "Token idt_x"}).status_code == 405
    assert browser.post("/settings/tokens", headers={"Authorization": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"), [("/api/v2/nowhere", 404), (f"{NOOP}?x=%00", 400), ("/api/v2/a%00", 404)]
)
def test_programs_are_told_in_json_what_people_read_on_a_page(shown, path, status):
    told = asked(path, f"Token {shown}")
    assert told[0] == status and told[1]["error"].endswith(".")


def test_people_still_get_a_page(client, db):
    assert client.get("/nowhere")["Content-Type"].startswith("text/html")
