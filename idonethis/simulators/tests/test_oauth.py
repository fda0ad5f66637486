"""The dance, from the consent page to the token."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs

import httpx
import pytest

from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running
from idonethis.simulators.tests.people import CALLBACK, GitHubCaller
from idonethis.simulators.visitor import consent

VERIFIER = "the-verifier-of-ada-lovelace-which-is-long-enough"


def challenge(verifier=VERIFIER):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().strip("=")


def test_the_consent_page_names_who_asks_for_what_and_the_accounts(github):
    page = httpx.get(github.authorize_url(scope="repo user:email")).text
    assert "Let I Done This in?" in page
    assert "<code>user:email</code>" in page
    assert 'value="ada" checked' in page
    assert 'value="grace"' in page
    assert 'value="mallory"' not in page


def test_an_account_in_the_address_is_the_one_that_is_chosen(github):
    page = httpx.get(github.authorize_url(account="mallory")).text
    assert 'value="mallory" checked' in page


def test_yes_leads_back_with_a_code_and_the_state(github):
    back = consent(github.authorize_url(state="of the art"), "ada")
    assert back.keys() == {"code", "state"}
    assert back["state"] == "of the art"


def test_no_leads_back_with_a_refusal_and_the_state(github):
    back = consent(github.authorize_url(), "ada", decision="cancel")
    assert (back["error"], back["state"]) == ("access_denied", "s")
    assert "code" not in back


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody-else"},
        {"redirect_uri": "https://mallory.example.net/auth/callback"},
        {"redirect_uri": "http://127.0.0.1.mallory.example.net/"},
        {"redirect_uri": ""},
        {"account": "nobody"},
    ],
)
def test_a_request_that_is_not_ours_is_never_led_back(github, changes):
    answer = httpx.post(github.authorize_url(**changes), data={"decision": "authorize"})
    assert answer.status_code in (400, 404)
    assert "location" not in answer.headers


def test_a_code_becomes_a_token_that_opens_the_account(github):
    me = github.api("grace").get("/user").json()
    assert (me["login"], me["id"]) == ("grace", 1906)


def test_a_code_works_once(github):
    code = github.code()
    assert "access_token" in github.exchange(code).json()
    assert github.exchange(code).json()["error"] == "bad_verification_code"


def test_a_code_is_good_for_ten_minutes(github):
    early, late = github.code(), github.code()
    github.do("clock", forward=595)
    assert "access_token" in github.exchange(early).json()
    github.do("clock", forward=10)
    assert github.exchange(late).json()["error"] == "bad_verification_code"


def test_a_code_is_bound_to_the_address_it_was_asked_for(github):
    other = f"{CALLBACK}/elsewhere"
    assert github.exchange(github.code(), redirect_uri=other).json()["error"] == (
        "redirect_uri_mismatch"
    )


def test_pkce_takes_the_verifier_behind_the_challenge_and_no_other(github):
    asked = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    good = github.exchange(github.code(**asked), code_verifier=VERIFIER).json()
    assert "access_token" in good
    for verifier in (None, "another-verifier"):
        bad = github.exchange(github.code(**asked), code_verifier=verifier).json()
        assert bad["error"] == "bad_verification_code"


def test_a_wrong_verifier_spends_the_code(github):
    code = github.code(code_challenge=challenge(), code_challenge_method="S256")
    github.exchange(code, code_verifier="guess")
    assert "access_token" not in github.exchange(code, code_verifier=VERIFIER).json()


def test_a_plain_challenge_is_refused(github):
    back = consent(github.authorize_url(code_challenge="plain"), "ada")
    assert back["error"] == "invalid_request"


@pytest.mark.parametrize("changes", [{"client_secret": "guess"}, {"client_id": "guess"}])
def test_wrong_credentials_get_no_token(github, changes):
    code = github.code()
    assert github.exchange(code, **changes).json()["error"] == "incorrect_client_credentials"
    assert "access_token" in github.exchange(code).json()


def test_github_answers_200_with_a_form_unless_json_is_accepted(github):
    fields = {"client_id": github.client_id, "client_secret": github.client_secret, "code": "x"}
    answer = httpx.post(f"{github.url}{github.token_path}", data=fields)
    assert answer.status_code == 200
    assert parse_qs(answer.text)["error"] == ["bad_verification_code"]


def test_scopes_that_another_one_includes_are_dropped(github):
    token = github.exchange(github.code(scope="user user:email repo")).json()
    assert token["scope"] == "repo,user"


def test_tokens_with_a_lifetime_expire_and_are_renewed_by_rotation():
    with running(GitHub(token_lifetime=3600)) as url:
        github = GitHubCaller(url)
        first = github.exchange(github.code()).json()
        assert first["expires_in"] == 3600
        github.do("clock", forward=3601)
        assert status(url, first) == 401
        renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = github.exchange(**renew).json()
        assert status(url, second) == 200
        assert second["refresh_token"] != first["refresh_token"]
        assert github.exchange(**renew).json()["error"] == "bad_refresh_token"


def status(url, token):
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    return httpx.get(f"{url}/api/v3/user", headers=headers).status_code
