"""Bad weather on demand."""

from __future__ import annotations

import time

import httpx
import pytest


def user(github):
    """Ada's own call, as a function that can be repeated."""
    api = github.api()
    return lambda path="/user", **more: api.get(path, **more)


def test_too_many_requests_say_when_to_come_back(github):
    ask = user(github)
    github.do("faults", path="/user", fault="429", retry_after=7)
    refused = ask()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert "secondary rate limit" in refused.json()["message"]
    assert ask().status_code == 200


@pytest.mark.parametrize(
    ("fault", "status", "message"),
    [
        ("500", 500, "Server Error"),
        ("revoked", 401, "Bad credentials"),
        ("expired", 401, "Bad credentials"),
    ],
)
def test_github_says_its_faults_in_its_own_words(github, fault, status, message):
    ask = user(github)
    github.do("faults", path="/user", fault=fault)
    answer = ask()
    assert (answer.status_code, answer.json()["message"]) == (status, message)


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ("500", 500, "internal_error"),
        ("revoked", 200, "token_revoked"),
        ("expired", 200, "token_expired"),
        ("429", 429, "ratelimited"),
    ],
)
def test_slack_says_its_faults_in_its_own_words(slack, fault, status, error):
    api = slack.api()
    slack.do("faults", path="/auth.test", fault=fault, retry_after=3)
    answer = api.client.post("auth.test")
    assert (answer.status_code, answer.json()) == (status, {"ok": False, "error": error})
    assert answer.headers.get("retry-after") == ("3" if fault == "429" else None)


@pytest.mark.parametrize("fault", ["garbage", "html", "truncated"])
def test_an_answer_may_be_broken_though_it_says_200(github, fault):
    ask = user(github)
    github.do("faults", path="/user", fault=fault)
    answer = ask()
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    assert ask().json()["login"] == "ada"


def test_half_an_answer_is_half_of_the_real_one(github):
    ask = user(github)
    whole = ask().text
    github.do("faults", path="/user", fault="truncated")
    half = ask().text
    assert whole.startswith(half[:200])
    assert abs(len(half) - len(whole) / 2) < 5


def test_a_connection_may_be_cut(github):
    ask = user(github)
    github.do("faults", path="/user", fault="reset")
    with pytest.raises(httpx.TransportError):
        ask()
    assert ask().status_code == 200


def test_a_slow_answer_comes_in_the_end(github):
    ask = user(github)
    github.do("faults", path="/user", fault="slow", seconds=0.4)
    began = time.monotonic()
    assert ask().json()["login"] == "ada"
    assert time.monotonic() - began >= 0.4


def test_a_fault_meets_its_path_and_method_so_many_times(github):
    ask = user(github)
    github.do("faults", path="/repos/*", method="GET", fault="500", times=2)
    github.do("faults", path="/user", method="POST", fault="500")
    path = "/repos/analytical/engine"
    assert ask().status_code == 200
    assert [ask(path).status_code for _ in range(3)] == [500, 500, 200]


def test_a_fault_lasts_until_it_is_cleared_when_it_has_no_count(github):
    ask = user(github)
    github.do("faults", fault="500", times=0)
    assert [ask().status_code for _ in range(3)] == [500, 500, 500]
    assert len(github.read("faults")["faults"]) == 1
    github.do("faults/clear")
    assert ask().status_code == 200


def test_the_token_endpoint_and_the_consent_page_can_fail_too(github):
    code = github.code()
    github.do("faults", path="/login/oauth/access_token", fault="html")
    assert "<h1>" in github.exchange(code).text
    assert "access_token" in github.exchange(code).json()


@pytest.mark.parametrize("fault", ["502", "503"])
def test_what_stands_before_the_partner_says_its_own_status_on_a_page(github, fault):
    ask = user(github)
    github.do("faults", path="/user", fault=fault)
    answer = ask()
    assert (answer.status_code, answer.headers["content-type"][:9]) == (int(fault), "text/html")


def test_who_follows_a_redirect_is_in_the_journal(github):
    ask = user(github)
    github.do("faults", path="/user", fault="redirect")
    answer = ask()
    assert answer.status_code == 307
    httpx.get(github.url + answer.headers["location"])
    assert [call["path"] for call in github.read("journal")["calls"]][-1] == "/elsewhere"


def test_an_answer_may_be_larger_than_anybody_should_read(github):
    ask = user(github)
    github.do("faults", path="/user", fault="huge")
    assert len(ask().content) == 64 * 1024 * 1024


def test_an_answer_may_drip(github):
    ask = user(github)
    whole = ask("/nothing").text
    github.do("faults", path="/nothing", fault="drip", seconds=0.005)
    began = time.monotonic()
    assert ask("/nothing").text == whole
    assert time.monotonic() - began >= 0.005 * len(whole)


def test_a_fault_may_wait_for_certain_words(slack):
    post = slack.api(scope="chat:write,chat:write.public").client.post
    slack.do("faults", path="/chat.postMessage", fault="500", words="moth")
    answers = [
        post("chat.postMessage", json={"channel": "C0DONELOG01", "text": text}).status_code
        for text in ("a mill", "a moth", "a moth")
    ]
    assert answers == [200, 500, 200]


def test_an_unknown_fault_is_named(github):
    answer = httpx.post(f"{github.url}/_control/faults", json={"fault": "flood"})
    assert answer.status_code == 400
    assert "not 'flood'" in answer.json()["error"]
    assert github.read("faults")["faults"] == []
