"""Into the workspace and out of it."""

from __future__ import annotations

import pytest

from idonethis.simulators.running import running
from idonethis.simulators.slack.app import Slack
from idonethis.simulators.tests.people import SlackCaller
from idonethis.simulators.visitor import consent


def events(receiver):
    return [received.json["event"] for received in receiver.got]


def test_an_installation_gives_a_bot_token_and_says_who_installed(slack):
    token = slack.install("grace")
    assert token["ok"] is True
    assert token["access_token"].startswith("xoxb-")
    assert (token["token_type"], token["bot_user_id"]) == ("bot", "U0DONEBOT01")
    assert token["team"] == {"id": "T0ANALYTIC", "name": "Analytical"}
    assert token["scope"] == slack.scopes
    assert token["authed_user"] == {"id": "U0GRACE1906"}
    assert "expires_in" not in token


def test_a_person_s_own_token_is_inside_authed_user(slack):
    token = slack.install(user_scope="chat:write,users:read")
    person = token["authed_user"]
    assert person["access_token"].startswith("xoxp-")
    assert (person["scope"], person["token_type"]) == ("chat:write,users:read", "user")


def test_installing_again_keeps_the_token_and_adds_the_scopes(slack):
    first = slack.install("ada", scope="commands")
    second = slack.install("grace", scope="chat:write")
    assert second["access_token"] == first["access_token"]
    assert second["scope"] == "commands,chat:write"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "made-up"}, "invalid_code"),
        ({"client_id": "guess"}, "invalid_client_id"),
        ({"client_secret": "guess"}, "bad_client_secret"),
        ({"redirect_uri": "http://127.0.0.1:8000/elsewhere"}, "bad_redirect_uri"),
        ({"grant_type": "password"}, "invalid_grant_type"),
    ],
)
def test_slack_refuses_with_200_and_a_word(slack, changes, error):
    answer = slack.exchange(**{"code": slack.code(scope="commands"), **changes})
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": error})


def test_a_code_works_once(slack):
    code = slack.code(scope="commands")
    assert slack.exchange(code).json()["ok"] is True
    assert slack.exchange(code).json() == {"ok": False, "error": "code_already_used"}


def test_a_scope_that_slack_does_not_know_is_refused(slack):
    back = consent(slack.authorize_url(scope="commands,fly"), "ada")
    assert back["error"] == "invalid_scope"


def test_nobody_calls_without_a_good_token(slack):
    api = slack.api()
    api.client.headers["Authorization"] = "Bearer xoxb-made-up"
    assert api.error("auth.test") == "invalid_auth"
    del api.client.headers["Authorization"]
    assert api.error("auth.test") == "not_authed"
    assert api.client.post("auth.test", data={"token": api.token}).json()["ok"] is True


def test_a_revoked_token_is_told_and_dead(slack, receiver):
    api = slack.api(user_scope="users:read")
    assert api("auth.revoke", test="true") == {"ok": True, "revoked": False}
    assert api("auth.revoke") == {"ok": True, "revoked": True}
    slack.do("settle")
    assert api.error("auth.test") == "token_revoked"
    (told,) = events(receiver)
    assert (told["type"], told["tokens"]) == (
        "tokens_revoked",
        {"oauth": [], "bot": ["U0DONEBOT01"]},
    )


def test_an_account_that_takes_all_back_ends_its_own_tokens_alone(slack, receiver):
    slack.install("grace")
    api = slack.api(account="ada", user_scope="users:read")
    slack.do("revoke", account="ada")
    assert events(receiver)[0]["tokens"] == {"oauth": ["U0ADA181512"], "bot": []}
    assert api("auth.test")["user_id"] == "U0DONEBOT01"


def test_a_removed_app_is_told_twice_and_then_hears_no_more(slack, receiver):
    api = slack.api(scope="commands,channels:history")
    slack.do("invite")
    receiver.got.clear()
    slack.do("uninstall")
    assert [event["type"] for event in events(receiver)] == ["tokens_revoked", "app_uninstalled"]
    slack.do("say", text="hello?")
    assert len(receiver.got) == 2
    assert api.error("auth.test") == "account_inactive"


def test_an_app_can_remove_itself_with_its_credentials(slack, receiver):
    api = slack.api()
    client = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    assert api.error("apps.uninstall", **{**client, "client_secret": "x"}) == "bad_client_secret"
    assert api("apps.uninstall", **client) == {"ok": True}
    slack.do("settle")
    assert [event["type"] for event in events(receiver)] == ["tokens_revoked", "app_uninstalled"]


def test_after_a_removal_an_installation_begins_anew(slack):
    first = slack.install(scope="commands,chat:write")
    slack.do("uninstall")
    second = slack.install(scope="commands")
    assert second["access_token"] != first["access_token"]
    assert second["scope"] == "commands"


def test_with_token_rotation_tokens_expire_and_are_renewed():
    with running(Slack(token_lifetime=43200)) as url:
        slack = SlackCaller(url)
        first = slack.install()
        assert first["access_token"].startswith("xoxe.xoxb-1-")
        assert first["expires_in"] == 43200
        api = slack.api()
        slack.do("clock", forward=43201)
        assert api.error("auth.test") == "token_expired"
        renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = slack.exchange(**renew).json()
        assert second["token_type"] == "bot"
        assert slack.exchange(**renew).json()["error"] == "invalid_refresh_token"
        slack.close()
