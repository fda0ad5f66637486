"""The journal, and the control API itself."""

from __future__ import annotations

import httpx


def test_the_journal_tells_of_every_call_and_its_account_but_no_secret(github):
    api = github.api()
    github.do("journal/clear")
    github.do("faults", path="/user", fault="500")
    api.get("/user")
    api.post(github.hooks, json={"config": {"url": "https://example.org/", "secret": "hush"}})
    failed, made = github.read("journal")["calls"]
    assert (failed["path"], failed["account"]) == ("/api/v3/user", "ada")
    assert (failed["status"], failed["fault"]) == (500, "500")
    assert (made["method"], made["status"], made["fault"]) == ("POST", 201, None)
    assert made["body"]["config"] == {"url": "https://example.org/", "secret": "********"}


def test_the_journal_tells_of_every_hook_that_was_sent(engine, receiver):
    engine.do("journal/clear")
    engine.do("push")
    (sent,) = engine.read("journal")["sent"]
    assert (sent["url"], sent["status"]) == (f"{receiver.url}/hook", 200)
    assert sent["body"]["ref"] == "refs/heads/main"
    assert engine.read("journal?path=*/hooks")["calls"] == []


def test_the_journal_of_a_login_keeps_no_credentials(github):
    github.do("journal/clear")
    github.exchange(github.code(code_challenge="x" * 43, code_challenge_method="S256"))
    text = str(github.read("journal"))
    assert github.client_id in text
    assert github.client_secret not in text


def test_another_site_cannot_push_the_buttons(github):
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = httpx.post(f"{github.url}/_control/push", json={}, headers=headers)
    assert answer.status_code == 403


def test_what_can_be_done_is_listed_with_a_sentence_each(github):
    actions = httpx.get(f"{github.url}/_control").json()
    assert actions["reset"].startswith("Begin again")
    assert all(actions.values())
