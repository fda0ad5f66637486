"""Tokens, limits, and how GitHub says no."""

from __future__ import annotations

import httpx

from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running
from idonethis.simulators.tests.people import GitHubCaller


def test_a_token_that_is_none_of_ours_is_bad_credentials(github):
    made_up = {"Authorization": "Bearer gho_made_up"}
    answer = httpx.get(f"{github.url}/api/v3/user", headers=made_up)
    assert answer.status_code == 401
    assert answer.json()["message"] == "Bad credentials"


def test_without_a_token_there_is_only_what_is_public(github):
    base = f"{github.url}/api/v3"
    assert httpx.get(f"{base}/user").json()["message"] == "Requires authentication"
    assert httpx.get(f"{base}/repos/analytical/engine").status_code == 200
    assert httpx.get(f"{base}/repos/analytical/secret-plans").status_code == 404


def test_every_answer_says_the_scopes_and_what_is_left(github):
    api = github.api(scope="repo user:email")
    left = [int(api.get("/user").headers["x-ratelimit-remaining"]) for _ in range(2)]
    assert left == [4999, 4998]
    assert api.get("/user").headers["x-oauth-scopes"] == "repo, user:email"


def test_whoever_has_used_up_the_hour_is_refused_until_it_is_over():
    with running(GitHub(rate_limit=2)) as url:
        github = GitHubCaller(url)
        api = github.api()
        codes = [api.get("/user").status_code for _ in range(3)]
        refused = api.get("/user")
        github.do("clock", forward=3601)
        again = api.get("/user").status_code
        github.close()
    assert codes == [200, 200, 403]
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert again == 200


def test_the_application_can_check_and_end_a_grant(github):
    api = github.api()
    token = api.headers["authorization"].removeprefix("Bearer ")
    place = f"{github.url}/api/v3/applications/{github.client_id}"

    def ask(method, what, *, secret=github.client_secret, body=None):
        content = {"access_token": token} if body is None else body
        credentials = (github.client_id, secret)
        return httpx.request(method, f"{place}/{what}", json=content, auth=credentials)

    assert ask("POST", "token").json()["user"]["login"] == "ada"
    assert ask("POST", "token", secret="guess").status_code == 404
    assert ask("POST", "token", body={}).status_code == 422
    other = github.api()
    assert ask("DELETE", "token").status_code == 204
    assert (api.get("/user").status_code, other.get("/user").status_code) == (401, 200)
    token = other.headers["authorization"].removeprefix("Bearer ")
    third = github.api()
    assert ask("DELETE", "grant").status_code == 204
    assert [c.get("/user").status_code for c in (other, third)] == [401, 401]
    assert ask("POST", "token").status_code == 404


def test_a_path_that_is_none_is_not_found_in_github_s_words(github):
    answer = github.api().put("/nowhere")
    assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")
