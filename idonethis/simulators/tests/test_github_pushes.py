"""Pushes, and what all events have in common."""

from __future__ import annotations

import httpx
import pytest

from idonethis.simulators.tests.receiver import bodies

ZEROS = "0" * 40


def test_a_push_carries_its_commits_oldest_first(engine, receiver):
    done = engine.do("push", actor="grace", commits=3)
    (push,) = bodies(receiver, "push")
    assert [commit["id"] for commit in push["commits"]] == done["commits"]
    assert push["after"] == push["head_commit"]["id"] == done["after"]
    assert push["ref"] == "refs/heads/main"
    assert push["pusher"]["name"] == push["sender"]["login"] == "grace"
    assert {c["author"]["username"] for c in push["commits"]} == {"grace"}
    assert push["commits"][0]["author"]["email"] == "1906+grace@users.noreply.github.com"
    assert isinstance(push["repository"]["pushed_at"], int)


def test_the_next_push_begins_where_the_last_one_ended(engine, receiver):
    engine.do("push")
    engine.do("push", force=True)
    first, second = bodies(receiver, "push")
    assert second["before"] == first["after"]
    assert (first["forced"], second["forced"]) == (False, True)


def test_a_branch_that_is_reset_brings_no_commits_but_says_where_it_is(engine, receiver):
    engine.do("push", messages=["Oil the mill"])
    engine.do("push", messages=["Break the mill"])
    engine.do("push", commits=0, force=True)
    first, _, reset = bodies(receiver, "push")
    assert (reset["forced"], reset["commits"]) == (True, [])
    assert reset["after"] == first["after"] == reset["head_commit"]["id"]
    assert reset["head_commit"]["message"] == "Oil the mill"


def test_commits_may_be_by_somebody_else_or_by_nobody_github_knows(engine, receiver):
    engine.do("push", actor="ada", author="babbage", messages=["Oil the mill"])
    stranger = {"name": "Joe", "email": "joe@example.net"}
    engine.do("push", actor="dependabot[bot]", author=stranger)
    known, unknown = bodies(receiver, "push")
    assert known["commits"][0]["author"]["username"] == "babbage"
    assert known["commits"][0]["message"] == "Oil the mill"
    assert unknown["commits"][0]["author"] == stranger
    assert unknown["sender"]["type"] == "Bot"


def test_a_branch_is_made_and_deleted(engine, receiver):
    engine.do("push", branch="cards")
    engine.do("push", branch="cards", delete=True)
    made, gone = bodies(receiver, "push")
    assert (made["created"], made["before"]) == (True, ZEROS)
    assert (gone["deleted"], gone["after"], gone["head_commit"]) == (True, ZEROS, None)
    assert gone["commits"] == []


def test_every_event_names_repository_organization_and_sender(engine, receiver):
    for action in ("push", "open_issue", "open_pull_request", "submit_review", "publish_release"):
        engine.do(action)
    for received in receiver.got:
        body = received.json
        assert body["repository"]["full_name"] == "analytical/engine"
        assert body["organization"]["login"] == "analytical"
        assert body["sender"]["login"] == "ada"
        assert received.signed_as_github("hush")


def test_issues_and_pull_requests_share_their_numbers(engine):
    numbers = [engine.do(a)["number"] for a in ("open_issue", "open_pull_request", "open_issue")]
    assert numbers == [1, 2, 3]


@pytest.mark.parametrize(
    ("action", "params", "problem"),
    [
        ("push", {"actor": "nobody"}, "no such account: nobody"),
        ("push", {"repository": "ada/nothing"}, "no such repository: ada/nothing"),
        ("push", {"commits": "many"}, "commits is a number"),
        ("merge_pull_request", {}, "no such number in pulls"),
        ("close_issue", {"number": 7}, "no such number in issues"),
    ],
)
def test_what_makes_no_sense_is_said_so_and_nothing_is_sent(
    engine, receiver, action, params, problem
):
    answer = httpx.post(f"{engine.url}/_control/{action}", json=params)
    assert answer.status_code == 400
    assert problem in answer.json()["error"]
    assert receiver.got == []


def test_a_merged_pull_request_is_not_merged_again(engine, receiver):
    engine.do("open_pull_request")
    engine.do("merge_pull_request")
    count = len(receiver.got)
    answer = httpx.post(f"{engine.url}/_control/merge_pull_request", json={"number": 1})
    assert "is not open; nothing was changed" in answer.json()["error"]
    assert len(receiver.got) == count
